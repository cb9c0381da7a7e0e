import { nameForDatabase } from "#db/database-text.ts";
import type { SeriesName, StoredGateway, StoredSeries } from "#db/traffic-series-repository.ts";
import { edgeKeyText } from "#telemetry/edge-key.ts";
import type { Series } from "#telemetry/received-window.ts";
import { OTHER_GATEWAYS } from "#db/traffic-detail.ts";

interface Entry {
  readonly number: number;
  readonly name: SeriesName;
  /** In the database; null while it is not known to be there. */
  id: number | null;
  /** When the database was told last that it is in use; Unix epoch, ms. */
  savedAtMs: number;
  /** The latest calls of it that came in here; 0 for what was only read. */
  calledAtMs: number;
  /** When it was asked for last, also by who only looks. */
  usedAtMs: number;
}

/** The database is told this often that a series is still written of. */
const SAVE_EVERY_MS = 6 * 3_600_000;
/** What nobody asked for lately is forgotten: instances come and go for ever, and gateways, of which there are few. */
const FORGET_MS = 3_600_000;
const FORGET_GATEWAY_MS = 24 * FORGET_MS;

/**
 * Numbers for series and gateways, so that packed calls need not repeat their names: one's own, given at once, and those of the
 * database, where each is found by the other.
 */
export class SeriesBook {
  readonly #byKey = new Map<string, Entry>();
  readonly #byNumber = new Map<number, Entry>();
  readonly #byId = new Map<number, Entry>();
  /** What a connection calls a series, so that its names need not be put together for every window. */
  readonly #bySeries = new WeakMap<Series, Entry>();
  readonly #gateways = new GatewayNumbers();
  #last = 0;
  /** Which life of the database's tables its numbers are of, as `readNamesOrigin` tells; empty: none yet. */
  #origin = "";

  get gateways(): GatewayNumbers {
    return this.#gateways;
  }

  /**
   * Has to be told, in each transaction, which life of the tables it is of: numbers of another one are forgotten, for they may be
   * nobody's there, or somebody else's. @returns whether it is the same as before.
   */
  enter(origin: string): boolean {
    if (origin === this.#origin) return true;
    this.#origin = origin;
    for (const entry of this.#byNumber.values()) entry.id = null;
    this.#byId.clear();
    this.#gateways.forgetIds();
    return false;
  }

  /** The series' number here. `nowMs`: Unix epoch. */
  numberOf(series: Series, nowMs: number): number {
    const known = this.#bySeries.get(series);
    const entry = known !== undefined && this.#byNumber.has(known.number) ? known : this.#entryOf(series.key);
    if (entry !== known) this.#bySeries.set(series, entry);
    noteCalls(entry, nowMs);
    return entry.number;
  }

  nameOf(number: number): SeriesName | undefined {
    return this.#byNumber.get(number)?.name;
  }

  idOf(number: number): number | null {
    return this.#byNumber.get(number)?.id ?? null;
  }

  /** The number here of a series of the database; undefined while it is not known. */
  numberOfId(id: number): number | undefined {
    return this.#byId.get(id)?.number;
  }

  /** Series that are asked for, by the database's number, or by one's own, below zero, where it has none. */
  keysOf(isWanted: (name: SeriesName) => boolean): Map<number, SeriesName> {
    const wanted = [...this.#byNumber.values()].filter(({ name }) => isWanted(name));
    return new Map(wanted.map(({ id, number, name }) => [id ?? -number, name]));
  }

  /** Called series that the database has to be told of. */
  unsaved(nowMs: number): SeriesName[] {
    return [...this.#byNumber.values()].filter((entry) => isUnsaved(entry, nowMs)).map(({ name }) => name);
  }

  /** Learns the database's numbers; `savedAtMs` when it was just told that they are in use. */
  learn(series: readonly StoredSeries[], nowMs: number, savedAtMs: number): void {
    for (const { id, ...name } of series) {
      const entry = this.#entryOf(name);
      if (entry.id !== null && entry.id !== id) this.#byId.delete(entry.id);
      entry.id = id;
      entry.usedAtMs = Math.max(entry.usedAtMs, nowMs);
      entry.savedAtMs = Math.max(entry.savedAtMs, savedAtMs);
      this.#byId.set(id, entry);
    }
  }

  /** Lets go of what has not been asked for in a while. */
  tidy(nowMs: number): void {
    for (const [key, entry] of this.#byKey) {
      if (entry.usedAtMs > nowMs - FORGET_MS) continue;
      this.#byKey.delete(key);
      this.#byNumber.delete(entry.number);
      if (entry.id !== null) this.#byId.delete(entry.id);
    }
    this.#gateways.tidy(nowMs);
  }

  #entryOf(name: SeriesName): Entry {
    const key = edgeKeyText(name);
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const cut = cutName(name);
    if (cut !== null) return this.#entryOf(cut);
    this.#last += 1;
    const entry: Entry = { number: this.#last, name, id: null, savedAtMs: 0, calledAtMs: 0, usedAtMs: 0 };
    this.#byKey.set(key, entry);
    this.#byNumber.set(entry.number, entry);
    return entry;
  }
}

/** The name as the database takes it; null when it is that already. */
function cutName(name: SeriesName): SeriesName | null {
  const { service, caller, routeId, subset, instance, asFallback } = name;
  const texts = [service, caller, routeId, subset, instance];
  const [a = "", b = "", c = "", d = "", e = ""] = texts.map(nameForDatabase);
  const isSame = [a, b, c, d, e].every((text, at) => text === texts[at]);
  return isSame ? null : { service: a, caller: b, routeId: c, subset: d, instance: e, asFallback };
}

type GatewayEntry = Omit<Entry, "name"> & { readonly name: string };

/** The same for gateways. */
class GatewayNumbers {
  readonly #byName = new Map<string, GatewayEntry>();
  readonly #byNumber = new Map<number, GatewayEntry>();
  readonly #byId = new Map<number, GatewayEntry>();
  #last = OTHER_GATEWAYS;

  /** `nowMs`: Unix epoch. */
  numberOf(name: string, nowMs: number): number {
    const entry = this.#entryOf(name);
    noteCalls(entry, nowMs);
    return entry.number;
  }

  nameOf(number: number): string {
    return this.#byNumber.get(number)?.name ?? OTHERS;
  }

  idOf(number: number): number {
    return this.#byNumber.get(number)?.id ?? OTHER_GATEWAYS;
  }

  numberOfId(id: number): number | undefined {
    return id === OTHER_GATEWAYS ? OTHER_GATEWAYS : this.#byId.get(id)?.number;
  }

  /** The same of gateways. */
  unsaved(nowMs: number): string[] {
    return [...this.#byNumber.values()].filter((entry) => isUnsaved(entry, nowMs)).map(({ name }) => name);
  }

  /** Learns the database's numbers; `savedAtMs` when it was just told that they are in use. */
  learn(gateways: readonly StoredGateway[], nowMs: number, savedAtMs: number): void {
    for (const { id, name } of gateways) {
      const entry = this.#entryOf(name);
      if (entry.id !== null && entry.id !== id) this.#byId.delete(entry.id);
      entry.id = id;
      entry.usedAtMs = Math.max(entry.usedAtMs, nowMs);
      entry.savedAtMs = Math.max(entry.savedAtMs, savedAtMs);
      this.#byId.set(id, entry);
    }
  }

  forgetIds(): void {
    for (const entry of this.#byNumber.values()) entry.id = null;
    this.#byId.clear();
  }

  tidy(nowMs: number): void {
    for (const [name, { number, id, usedAtMs }] of this.#byName) {
      if (usedAtMs > nowMs - FORGET_GATEWAY_MS) continue;
      this.#byName.delete(name);
      this.#byNumber.delete(number);
      if (id !== null) this.#byId.delete(id);
    }
  }

  #entryOf(name: string): GatewayEntry {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    this.#last += 1;
    const entry: GatewayEntry = { number: this.#last, name, id: null, savedAtMs: 0, calledAtMs: 0, usedAtMs: 0 };
    this.#byName.set(name, entry);
    this.#byNumber.set(entry.number, entry);
    return entry;
  }
}

function noteCalls(entry: Omit<Entry, "name">, nowMs: number): void {
  entry.calledAtMs = Math.max(entry.calledAtMs, nowMs);
  entry.usedAtMs = Math.max(entry.usedAtMs, nowMs);
}

/** There are calls of it, and the database does not know it, or was not told lately. */
function isUnsaved({ id, savedAtMs, calledAtMs }: Omit<Entry, "name">, nowMs: number): boolean {
  return id === null ? calledAtMs > 0 : calledAtMs > nowMs - 60_000 && nowMs - savedAtMs > SAVE_EVERY_MS;
}

/** Gateways beyond those that a record names. */
const OTHERS = "others";
