import type { EdgeTotals } from "#domain/edge-totals.ts";
import type { ReceivedWindow } from "./received-window.ts";
import { TrafficLedger, type LedgerGateway, type LedgerLimits } from "./traffic-ledger.ts";

/** A gateway that has sent nothing for this long counts as silent: from then on its traffic ages out, ms. */
const SILENT_MS = 2000;
/** Windows end about a second apart: a span that ends with one reaches halfway into the window before its first, ms. */
const HALF_WINDOW_MS = 500;
/** A place in time may turn out to be another by a few seconds. */
const SPARE_MS = 5000;
/** Of one gateway; windows are a second long, but after a stop, or when a clock was set. */
const HELD_MAX = 64;

interface Held {
  readonly window: ReceivedWindow;
  /** When it ended, by the gateway's clock as if that had never been set, ms. */
  readonly endMs: number;
  readonly ordinal: number;
  /** Null while it is not counted. */
  mark: number | null;
  /** Whether what there was no room for of it has been told. */
  told: boolean;
}

/** One gateway's latest windows, and which of them are counted. */
export class RollingGateway {
  readonly #ledger: TrafficLedger;
  readonly #account: LedgerGateway;
  readonly #windowMs: number;
  #held: Held[] = [];
  #ordinal = 0;
  /** Calls there was no room to count. */
  givenUp = 0;

  constructor(ledger: TrafficLedger, gatewayId: string, windowMs: number) {
    this.#ledger = ledger;
    this.#account = ledger.join(gatewayId);
    this.#windowMs = windowMs;
  }

  /**
   * Takes a window, in the order the gateway made them. It counts from the next `settle`. `turnedMs`: by how much the
   * gateway's clock has been set so far, ms.
   */
  add(window: ReceivedWindow, turnedMs = 0): void {
    this.#ordinal += 1;
    const endMs = window.endMs - turnedMs;
    this.#held.push({ window, endMs, ordinal: this.#ordinal, mark: null, told: false });
    if (this.#held.length > HELD_MAX) this.#uncount(this.#held.shift());
  }

  /**
   * Brings what is counted in line with the time: the windows of the span that ends with the gateway's latest, so that
   * each gateway counts for as long as any other; of one that is silent, a span that ends with the present. `skewMs`
   * is what has to be added to the gateway's clock for the console's, `turnedMs` by how much it has been set; all times are
   * Unix epoch, ms.
   */
  settle(nowMs: number, skewMs: number, turnedMs = 0): void {
    const aheadMs = skewMs + turnedMs;
    const latest = this.#held.at(-1);
    if (latest === undefined) return;
    const endMs = Math.max(latest.endMs + aheadMs, nowMs - SILENT_MS);
    const sinceMs = endMs - this.#windowMs + HALF_WINDOW_MS;
    for (const held of this.#held) {
      if (held.endMs + aheadMs > sinceMs) this.#count(held);
      else this.#uncount(held);
    }
    this.#held = this.#held.filter(({ mark, endMs: at }) => mark !== null || at + aheadMs > sinceMs - SPARE_MS);
  }

  /** Nothing of it is counted any more. */
  leave(): void {
    for (const held of this.#held) this.#uncount(held);
    this.#held = [];
  }

  #count(held: Held): void {
    if (held.mark !== null) return;
    const { mark, givenUp } = this.#ledger.add(this.#account, held.window, held.ordinal);
    held.mark = mark;
    if (!held.told) this.givenUp += givenUp;
    held.told = true;
  }

  #uncount(held: Held | undefined): void {
    if (held === undefined || held.mark === null) return;
    this.#ledger.remove(this.#account, held.window, held.ordinal, held.mark);
    held.mark = null;
  }
}

/** What flowed over all gateways in the last seconds, kept up by adding what came and taking out what is over. */
export class RollingTraffic {
  readonly #windowMs: number;
  readonly #ledger: TrafficLedger;

  /** @param windowMs length of the span, ms. */
  constructor(windowMs: number, limits?: LedgerLimits) {
    this.#windowMs = windowMs;
    this.#ledger = new TrafficLedger(limits);
  }

  get series(): number {
    return this.#ledger.series;
  }

  /** Pairs of series and gateway. */
  get cells(): number {
    return this.#ledger.cells;
  }

  join(gatewayId: string): RollingGateway {
    return new RollingGateway(this.#ledger, gatewayId, this.#windowMs);
  }

  /** Of what was counted when each gateway was last settled. */
  totals(): EdgeTotals[] {
    return this.#ledger.totals();
  }
}
