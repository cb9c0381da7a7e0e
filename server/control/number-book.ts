interface Entry<Name> {
  readonly number: number;
  readonly name: Name;
  /** In the database; null while it is not known to be there. */
  id: number | null;
  /** When the database was told last that it is in use; Unix epoch, ms. */
  savedAtMs: number;
  /** The latest calls of it that came in here; 0 for what was only read. */
  calledAtMs: number;
  /** When it was asked for last, also by who only looks. */
  usedAtMs: number;
}

export interface NumberBookOptions<Name> {
  /** What tells one name from another. */
  readonly keyOf: (name: Name) => string;
  /** The name as the database takes it; null when it is that already. */
  readonly cut: (name: Name) => Name | null;
  /** Numbers given here begin above this one. */
  readonly above: number;
  /** What nobody asked for in so long is forgotten, ms. */
  readonly forgetMs: number;
}

/** The database is told this often that a name is still written of. */
const SAVE_EVERY_MS = 6 * 3_600_000;

/** Numbers for names: one's own, given at once, and those of the database, where each is found by the other. All times: Unix epoch, ms. */
export class NumberBook<Name> {
  readonly #options: NumberBookOptions<Name>;
  readonly #byKey = new Map<string, Entry<Name>>();
  readonly #byNumber = new Map<number, Entry<Name>>();
  readonly #byId = new Map<number, Entry<Name>>();
  #last: number;

  constructor(options: NumberBookOptions<Name>) {
    this.#options = options;
    this.#last = options.above;
  }

  /** The number here of a name of which there are calls. */
  numberOf(name: Name, nowMs: number): number {
    const { number } = this.#entryOf(name);
    this.noteCalls(number, nowMs);
    return number;
  }

  /** There are calls of it. @returns whether the number is one that was not forgotten. */
  noteCalls(number: number, nowMs: number): boolean {
    const entry = this.#byNumber.get(number);
    if (entry === undefined) return false;
    entry.calledAtMs = Math.max(entry.calledAtMs, nowMs);
    entry.usedAtMs = Math.max(entry.usedAtMs, nowMs);
    return true;
  }

  nameOf(number: number): Name | undefined {
    return this.#byNumber.get(number)?.name;
  }

  /** The database's number; null while it is not known to have one. */
  idOf(number: number): number | null {
    return this.#byNumber.get(number)?.id ?? null;
  }

  /** The number here of one of the database's; undefined while it is not known. */
  numberOfId(id: number): number | undefined {
    return this.#byId.get(id)?.number;
  }

  /** All that is known. */
  all(): readonly Readonly<Entry<Name>>[] {
    return [...this.#byNumber.values()];
  }

  /** Called names that the database has to be told of. */
  unsaved(nowMs: number): Name[] {
    return this.all().flatMap((entry) => (isUnsaved(entry, nowMs) ? [entry.name] : []));
  }

  /** Learns a number of the database's; `savedAtMs` when it was just told that it is in use. */
  learn(name: Name, id: number, nowMs: number, savedAtMs: number): void {
    const entry = this.#entryOf(name);
    if (entry.id !== null && entry.id !== id) this.#byId.delete(entry.id);
    entry.id = id;
    entry.usedAtMs = Math.max(entry.usedAtMs, nowMs);
    entry.savedAtMs = Math.max(entry.savedAtMs, savedAtMs);
    this.#byId.set(id, entry);
  }

  /** The database's numbers are not what they were. */
  forgetIds(): void {
    for (const entry of this.#byNumber.values()) entry.id = null;
    this.#byId.clear();
  }

  /** Lets go of what has not been asked for in a while. */
  tidy(nowMs: number): void {
    for (const [key, { number, id, usedAtMs }] of this.#byKey) {
      if (usedAtMs > nowMs - this.#options.forgetMs) continue;
      this.#byKey.delete(key);
      this.#byNumber.delete(number);
      if (id !== null) this.#byId.delete(id);
    }
  }

  #entryOf(name: Name): Entry<Name> {
    const key = this.#options.keyOf(name);
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const cut = this.#options.cut(name);
    if (cut !== null) return this.#entryOf(cut);
    this.#last += 1;
    const entry: Entry<Name> = { number: this.#last, name, id: null, savedAtMs: 0, calledAtMs: 0, usedAtMs: 0 };
    this.#byKey.set(key, entry);
    this.#byNumber.set(entry.number, entry);
    return entry;
  }
}

/** There are calls of it, and the database does not know it, or was not told lately. */
function isUnsaved({ id, savedAtMs, calledAtMs }: Readonly<Entry<unknown>>, nowMs: number): boolean {
  return id === null ? calledAtMs > 0 : calledAtMs > nowMs - 60_000 && nowMs - savedAtMs > SAVE_EVERY_MS;
}
