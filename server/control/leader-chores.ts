import { MeshError } from "#domain/errors.ts";
import type { TrafficWindow } from "#domain/traffic.ts";
import { systemClock } from "#platform/clock.ts";
import type { Part } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import type { ControlDeps } from "./edit.ts";
import { expireOverrides } from "./expire-overrides.ts";
import { PendingTransitions } from "./pending-transitions.ts";
import { tidyRecords } from "./tidy-records.ts";

export interface LeaderChoresOptions {
  readonly isLeader: () => boolean;
  /**
   * Whether this console may put transitions on record: it leads, or nobody can be known to lead. They are written once,
   * however many consoles do so. Default: it leads.
   */
  readonly mayRecord?: () => boolean;
  /** How long drift that is over stays in its list, days. Default 90. */
  readonly driftDays?: number | undefined;
  readonly log: Log;
}

export interface LeaderChores extends Part {
  /**
   * Hands over a window; its breaker transitions go on record as soon as this console leads and the database answers.
   * `endedAtMs` tells when it ended by the console's clock, as far as is known when it is asked.
   */
  take(window: TrafficWindow, endedAtMs: () => number): void;
  /** Does now what it does by itself once a second. Never rejects. */
  work(): Promise<void>;
}

const EVERY_MS = 1000;
/** How often old rows are deleted; at once again while there were more than one batch takes. */
const TIDY_MS = 600_000;
const DRIFT_DAYS = 90;

/**
 * What one console does for all of them, about once a second: puts breaker transitions on record, ends overrides, deletes
 * old rows. None waits for another that fails.
 */
export function doLeaderChores(deps: ControlDeps, options: LeaderChoresOptions): LeaderChores {
  const { isLeader, mayRecord = isLeader, driftDays = DRIFT_DAYS, log } = options;
  const clock = deps.clock ?? systemClock;
  const pending = new PendingTransitions(deps, clock, log);
  let tidiedMs = Number.NEGATIVE_INFINITY;
  let working: Promise<void> | undefined;

  async function chores(): Promise<void> {
    await attempt("breaker transitions", () => (mayRecord() ? pending.record(mayRecord) : pending.follow()));
    if (!isLeader()) return;
    await attempt("overrides whose time is up", () => expireOverrides(deps));
    if (clock.monotonicMs() < tidiedMs + TIDY_MS) return;
    await attempt("old rows", tidy);
  }

  async function tidy(): Promise<void> {
    try {
      const isMore = await tidyRecords(deps, { driftDays, nowMs: clock.nowMs() });
      if (!isMore) tidiedMs = clock.monotonicMs();
    } catch (error) {
      // What fails while the database answers would most likely fail every second.
      if (!(error instanceof MeshError && error.code === "DATABASE_DOWN")) tidiedMs = clock.monotonicMs();
      throw error;
    }
  }

  async function attempt(what: string, chore: () => Promise<unknown>): Promise<void> {
    try {
      await chore();
    } catch (error) {
      // Tried again next second; the link's status says that the database is away.
      if (error instanceof MeshError && error.code === "DATABASE_DOWN") return;
      log.error({ err: error, what }, "a leader's chore failed");
    }
  }

  function work(): Promise<void> {
    working ??= chores().finally(() => (working = undefined));
    return working;
  }

  const timer = setInterval(() => void work(), EVERY_MS).unref();

  return {
    name: "leader's chores",
    take: (window, endedAtMs) => pending.take(window, endedAtMs),
    work,
    async stop() {
      clearInterval(timer);
      await working;
    },
  };
}
