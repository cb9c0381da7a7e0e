import { isRefusedValue } from "#db/database-problem.ts";
import { readCursors } from "#db/breaker-minute-repository.ts";
import { MeshError } from "#domain/errors.ts";
import type { TrafficWindow } from "#domain/traffic.ts";
import { systemClock } from "#platform/clock.ts";
import type { Part } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import type { ControlDeps } from "./edit.ts";
import { HeldCalls, type HeldWindow } from "./held-calls.ts";
import { forgetOldCalls, recordCalls } from "./record-calls.ts";

export interface CallRecorderOptions {
  readonly isLeader: () => boolean;
  /** How long calls stay on record. */
  readonly hours: number;
  readonly log: Log;
}

/** Puts every command's seconds on record: each console holds them, the leader writes them. */
export interface CallRecorder extends Part {
  /** Hands over a window. `endedAtMs` tells when it ended by the console's clock, as far as is known when it is asked. */
  take(window: TrafficWindow, endedAtMs: () => number): void;
  /** What is not in the database yet, or not known to be. */
  readonly held: HeldCalls;
  readonly hours: number;
  /** Does now what it does by itself once a second; with `all`, minutes that are not over are written too. */
  work(all?: boolean): Promise<void>;
}

const EVERY_MS = 1000;
/** About 50 MB at the most: over an hour of 30 busy commands at two gateways. */
const MAX_HELD = 250_000;
/** So many windows are one transaction: those of ten minutes, as many as a gateway buffers. */
const MAX_WINDOWS = 600;
const MINUTE_MS = 60_000;
/** How often a console that follows asks what the leader has written: 500 busy commands at five gateways are 2500 command-seconds a second. */
const FOLLOW_MS = 10_000;

/** Holds the calls of all gateways; while this console leads, writes the minutes that are over, and deletes those that are old. */
export function recordBreakerCalls(deps: ControlDeps, options: CallRecorderOptions): CallRecorder {
  const { isLeader, hours, log } = options;
  const clock = deps.clock ?? systemClock;
  const held = new HeldCalls(MAX_HELD);
  let working: Promise<void> | undefined;
  let tidiedMs = Number.NEGATIVE_INFINITY;

  async function work(all = false): Promise<void> {
    held.settle(clock.monotonicMs());
    const lost = held.takeLost();
    if (lost > 0)
      log.warn({ commandSeconds: lost }, "no room to hold more calls for the database; the oldest are lost");
    if (isLeader()) for (const gatewayId of held.gateways()) await write(gatewayId, all);
    if (clock.monotonicMs() < tidiedMs + (isLeader() ? MINUTE_MS : FOLLOW_MS)) return;
    await tidy();
    tidiedMs = clock.monotonicMs();
  }

  async function write(gatewayId: string, all: boolean): Promise<void> {
    const due = held.complete(gatewayId, all ? null : clock.nowMs(), clock.monotonicMs());
    for (let at = 0; at < due.length; at += MAX_WINDOWS) await record(gatewayId, due.slice(at, at + MAX_WINDOWS));
  }

  /** Of windows that the database does not take together, those it does take are written, and the others given up. */
  async function record(gatewayId: string, windows: readonly HeldWindow[]): Promise<void> {
    try {
      const cursors = await recordCalls(deps, gatewayId, windows, new Date(clock.nowMs()));
      for (const cursor of cursors) held.forget(cursor);
    } catch (error) {
      if (!isRefusedValue(error)) throw error;
      const [window] = windows;
      if (window === undefined) throw error;
      if (windows.length > 1) {
        for (const one of windows) await record(gatewayId, [one]);
        return;
      }
      const { run, sequence } = window;
      log.error({ err: error, gatewayId, run, sequence }, "calls that the database does not take are set aside");
      held.forget({ gatewayId, run, sequence });
    }
  }

  /** The leader deletes what is old; who follows lets go of what the leader has written. */
  async function tidy(): Promise<void> {
    if (isLeader()) return forgetOldCalls(deps, hours, clock.nowMs());
    if (held.gateways().length === 0) return;
    for (const cursor of await deps.database.read((db) => readCursors(db))) held.forget(cursor);
  }

  function attempt(all?: boolean): Promise<void> {
    return work(all).catch((error: unknown) => {
      // Held until it is back; the link's status says that it is away.
      if (!(error instanceof MeshError && error.code === "DATABASE_DOWN"))
        log.error({ err: error }, "calls could not be put on record");
    });
  }

  const timer = setInterval(() => {
    working ??= attempt().finally(() => (working = undefined));
  }, EVERY_MS).unref();

  return {
    name: "call recorder",
    take: (window, endedAtMs) => held.add(window, endedAtMs, clock.monotonicMs()),
    held,
    hours,
    work,
    async stop() {
      clearInterval(timer);
      await working;
      await attempt(true);
    },
  };
}
