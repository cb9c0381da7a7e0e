import { nameForDatabase } from "#db/database-text.ts";
import { OTHER_GATEWAYS } from "#db/traffic-detail.ts";
import type { SeriesName, StoredGateway, StoredSeries } from "#db/traffic-series-repository.ts";
import { edgeKeyText } from "#telemetry/edge-key.ts";
import type { Series } from "#telemetry/received-window.ts";
import { NumberBook } from "./number-book.ts";

/** What nobody asked for lately is forgotten: instances come and go for ever, and gateways, of which there are few. */
const FORGET_MS = 3_600_000;
const FORGET_GATEWAY_MS = 24 * FORGET_MS;

/**
 * Numbers for series and gateways, so that packed calls need not repeat their names: one's own, given at once, and those of the
 * database, where each is found by the other.
 */
export class SeriesBook {
  readonly #series = new NumberBook<SeriesName>({ keyOf: edgeKeyText, cut: cutName, above: 0, forgetMs: FORGET_MS });
  /** What a connection calls a series, so that its names need not be put together for every window. */
  readonly #bySeries = new WeakMap<Series, number>();
  readonly #gateways = new GatewayNumbers();
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
    this.#series.forgetIds();
    this.#gateways.forgetIds();
    return false;
  }

  /** The series' number here. `nowMs`: Unix epoch. */
  numberOf(series: Series, nowMs: number): number {
    const known = this.#bySeries.get(series);
    if (known !== undefined && this.#series.noteCalls(known, nowMs)) return known;
    const number = this.#series.numberOf(series.key, nowMs);
    this.#bySeries.set(series, number);
    return number;
  }

  nameOf(number: number): SeriesName | undefined {
    return this.#series.nameOf(number);
  }

  idOf(number: number): number | null {
    return this.#series.idOf(number);
  }

  /** The number here of a series of the database; undefined while it is not known. */
  numberOfId(id: number): number | undefined {
    return this.#series.numberOfId(id);
  }

  /** Series that are asked for, by the database's number, or by one's own, below zero, where it has none. */
  keysOf(isWanted: (name: SeriesName) => boolean): Map<number, SeriesName> {
    const wanted = this.#series.all().filter(({ name }) => isWanted(name));
    return new Map(wanted.map(({ id, number, name }) => [id ?? -number, name]));
  }

  /** Called series that the database has to be told of. */
  unsaved(nowMs: number): SeriesName[] {
    return this.#series.unsaved(nowMs);
  }

  /** Learns the database's numbers; `savedAtMs` when it was just told that they are in use. */
  learn(series: readonly StoredSeries[], nowMs: number, savedAtMs: number): void {
    for (const { id, ...name } of series) this.#series.learn(name, id, nowMs, savedAtMs);
  }

  /** Lets go of what has not been asked for in a while. */
  tidy(nowMs: number): void {
    this.#series.tidy(nowMs);
    this.#gateways.tidy(nowMs);
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

/** The same for gateways. */
class GatewayNumbers {
  readonly #book = new NumberBook<string>({
    keyOf: (name) => name,
    cut: () => null,
    above: OTHER_GATEWAYS,
    forgetMs: FORGET_GATEWAY_MS,
  });

  /** `nowMs`: Unix epoch. */
  numberOf(name: string, nowMs: number): number {
    return this.#book.numberOf(name, nowMs);
  }

  nameOf(number: number): string {
    return this.#book.nameOf(number) ?? OTHERS;
  }

  idOf(number: number): number {
    return this.#book.idOf(number) ?? OTHER_GATEWAYS;
  }

  numberOfId(id: number): number | undefined {
    return id === OTHER_GATEWAYS ? OTHER_GATEWAYS : this.#book.numberOfId(id);
  }

  unsaved(nowMs: number): string[] {
    return this.#book.unsaved(nowMs);
  }

  learn(gateways: readonly StoredGateway[], nowMs: number, savedAtMs: number): void {
    for (const { id, name } of gateways) this.#book.learn(name, id, nowMs, savedAtMs);
  }

  forgetIds(): void {
    this.#book.forgetIds();
  }

  tidy(nowMs: number): void {
    this.#book.tidy(nowMs);
  }
}

/** Gateways beyond those that a record names. */
const OTHERS = "others";
