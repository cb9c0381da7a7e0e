import { isRefusedValue } from "#db/database-problem.ts";
import { nameForDatabase } from "#db/database-text.ts";
import { readTransitionCursors } from "#db/transition-cursor-repository.ts";
import { MeshError } from "#domain/errors.ts";
import type { TrafficWindow } from "#domain/traffic.ts";
import type { Clock } from "#platform/clock.ts";
import type { Log } from "#platform/log.ts";
import type { ControlDeps } from "./edit.ts";
import { recordTransitions } from "./record-transitions.ts";

/** A window's transitions without the rest, which is many times larger. */
interface Pending extends Pick<TrafficWindow, "gatewayId" | "run" | "sequence" | "transitions"> {
  /** Monotonic, ms. */
  readonly receivedMs: number;
  /** What to add to the gateway's clock to have the console's, ms; null until that is certain. */
  aheadMs: number | null;
  /** Null once that is settled. */
  askAheadMs: (() => number) | null;
  /** How often it could not be written, for a reason that was the window's own perhaps. */
  failures: number;
}

/** How far the clocks are apart is settled this long after a window arrived: those out of a gateway's buffer come in a burst. */
const SETTLE_MS = 5000;
/** However long the database is away, or nobody leads: windows with transitions are few. */
const KEEP_WINDOWS = 10_000;
/** How often a console that follows asks what is written. */
const FOLLOW_MS = 5000;
/** A window that failed so often without the database being away is not tried again. */
const FAILURES_MAX = 10;

/** Windows with breaker transitions that are not known to be on record, in the order of arrival. Bounded by their number. */
export class PendingTransitions {
  readonly #deps: ControlDeps;
  readonly #clock: Clock;
  readonly #log: Log;
  #pending: Pending[] = [];
  #followedMs = Number.NEGATIVE_INFINITY;
  #lost = 0;

  constructor(deps: ControlDeps, clock: Clock, log: Log) {
    this.#deps = deps;
    this.#clock = clock;
    this.#log = log;
  }

  take({ gatewayId, run, sequence, transitions, endMs }: TrafficWindow, endedAtMs: () => number): void {
    if (transitions.length === 0) return;
    this.#pending.push({
      // As they are on record, where a console that follows looks for them.
      gatewayId: nameForDatabase(gatewayId),
      run: nameForDatabase(run),
      sequence,
      transitions,
      receivedMs: this.#clock.monotonicMs(),
      aheadMs: null,
      askAheadMs: () => Math.round(endedAtMs() - endMs),
      failures: 0,
    });
    if (this.#pending.length <= KEEP_WINDOWS) return;
    this.#pending.shift();
    this.#lost += 1;
  }

  /**
   * Writes what is pending while `goesOn`. A window that the database does not take is set aside with a word in the log;
   * one that fails otherwise is tried again next time, and the others of its gateway wait for it, since they are written in order.
   * @throws MeshError DATABASE_DOWN.
   */
  async record(goesOn: () => boolean): Promise<void> {
    this.#sayLost();
    this.#settle();
    const waiting = new Set<string>();
    // More may come, and the oldest may have to go, while these are being written.
    for (const next of this.#pending.slice()) {
      if (!goesOn()) return;
      if (waiting.has(next.gatewayId)) continue;
      if (await this.#write(next)) this.#pending = this.#pending.filter((one) => one !== next);
      else waiting.add(next.gatewayId);
    }
  }

  /** Lets go of what another console has written. @throws MeshError DATABASE_DOWN. */
  async follow(): Promise<void> {
    this.#sayLost();
    this.#settle();
    if (this.#pending.length === 0 || this.#clock.monotonicMs() < this.#followedMs + FOLLOW_MS) return;
    const cursors = await this.#deps.database.read(readTransitionCursors);
    const written = new Map(cursors.map(({ gatewayId, run, sequence }) => [`${gatewayId}\n${run}`, sequence]));
    this.#pending = this.#pending.filter(
      ({ gatewayId, run, sequence }) => sequence > (written.get(`${gatewayId}\n${run}`) ?? 0),
    );
    this.#followedMs = this.#clock.monotonicMs();
  }

  /** False: it is to be tried again. */
  async #write(next: Pending): Promise<boolean> {
    const { gatewayId, run, sequence } = next;
    try {
      await recordTransitions(this.#deps, next, aheadOf(next));
      return true;
    } catch (error) {
      if (error instanceof MeshError && error.code === "DATABASE_DOWN") throw error;
      next.failures += 1;
      const isHopeless = isRefusedValue(error) || next.failures >= FAILURES_MAX;
      this.#log.error(
        { err: error, gatewayId, run, sequence },
        isHopeless
          ? "breaker transitions that the database does not take are set aside"
          : "breaker transitions could not be put on record; tried again",
      );
      return isHopeless;
    }
  }

  /** What tells the clocks' difference holds on to the gateway's other windows. */
  #settle(): void {
    const beforeMs = this.#clock.monotonicMs() - SETTLE_MS;
    for (const one of this.#pending)
      if (one.receivedMs <= beforeMs) {
        one.aheadMs = aheadOf(one);
        one.askAheadMs = null;
      }
  }

  #sayLost(): void {
    if (this.#lost > 0)
      this.#log.warn({ windows: this.#lost }, "no room to hold more breaker transitions; the oldest are lost");
    this.#lost = 0;
  }
}

function aheadOf({ aheadMs, askAheadMs }: Pending): number {
  return aheadMs ?? askAheadMs?.() ?? 0;
}
