/** Numbers of rows that come and go; the lowest free ones are used first, so that columns stay short. */
export class Rows {
  readonly #free: number[] = [];
  #end = 0;
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  /** How many are in use. */
  get used(): number {
    return this.#end - this.#free.length;
  }

  /** Behind the last one that was ever in use. */
  get end(): number {
    return this.#end;
  }

  /** -1: there is no room. */
  take(): number {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.#end >= this.#max) return -1;
    this.#end += 1;
    return this.#end - 1;
  }

  give(row: number): void {
    this.#free.push(row);
  }
}

type Column = Float64Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Int32Array<ArrayBuffer>;

/** The column with room for `length` numbers: itself, or a copy at least twice as long. */
export function roomFor<Kind extends Column>(column: Kind, length: number, make: (length: number) => Kind): Kind {
  if (column.length >= length) return column;
  const longer = make(Math.max(length, column.length * 2));
  longer.set(column);
  return longer;
}
