interface Term<Value> {
  readonly number: number;
  readonly value: Value;
  /** How a connection is told of it. */
  readonly definition: string;
  /** Sequence of the last window with it. */
  lastIn: number;
}

/** What windows name again and again, each by a number of its own: the same on every connection, and never another's. */
export class GatewayTerms<Value> {
  readonly #byText = new Map<string, Term<Value>>();
  readonly #byNumber = new Map<number, Term<Value>>();
  readonly #define: (number: number, value: Value) => string;
  #next = 0;

  /** `define`: how a connection is told what a number stands for, in JSON. */
  constructor(define: (number: number, value: Value) => string) {
    this.#define = define;
  }

  get size(): number {
    return this.#byText.size;
  }

  /** `text` is the same for the same value, and another for every other; `make` is asked for a value that is new. */
  numberOf(text: string, make: () => Value, sequence: number): number {
    const known = this.#byText.get(text);
    if (known !== undefined) {
      known.lastIn = sequence;
      return known.number;
    }
    const number = this.#next;
    this.#next += 1;
    const value = make();
    const term: Term<Value> = { number, value, definition: this.#define(number, value), lastIn: sequence };
    this.#byText.set(text, term);
    this.#byNumber.set(number, term);
    return number;
  }

  valueOf(number: number): Value | undefined {
    return this.#byNumber.get(number)?.value;
  }

  /** Definitions of those numbers that are not in `told` yet, which grows by them. */
  tell(numbers: Uint32Array, told: Set<number>): string {
    const definitions: string[] = [];
    for (const number of numbers) {
      if (told.has(number)) continue;
      told.add(number);
      definitions.push(this.#byNumber.get(number)?.definition ?? "");
    }
    return definitions.join(",");
  }

  /** Forgets what is in no window from `oldest` on. */
  prune(oldest: number): void {
    for (const [text, { number, lastIn }] of this.#byText) {
      if (lastIn >= oldest) continue;
      this.#byText.delete(text);
      this.#byNumber.delete(number);
    }
  }
}
