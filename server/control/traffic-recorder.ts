import { isRefusedValue } from "#db/database-problem.ts";
import { readTrafficCursors } from "#db/traffic-span-repository.ts";
import type { TrafficStore } from "#db/traffic-store.ts";
import { MeshError } from "#domain/errors.ts";
import { systemClock, type Clock } from "#platform/clock.ts";
import type { Part } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import type { ReceivedWindow } from "#telemetry/received-window.ts";
import { tidyTrafficHistory } from "./tidy-traffic-history.ts";
import { HeldTraffic, type HeldWindow } from "./held-traffic.ts";
import { recordTraffic } from "./record-traffic.ts";
import { rollUpTraffic } from "./roll-up-traffic.ts";
import { SeriesBook } from "./series-book.ts";

export interface TrafficRecorderOptions {
  readonly store: TrafficStore;
  readonly consoleId: string;
  readonly isLeader: () => boolean;
  /** What traffic may take in the database. */
  readonly limitBytes: number;
  readonly log: Log;
  readonly clock?: Clock;
  /** What windows may take that wait for the database; default 64 MiB. */
  readonly heldBytes?: number;
}

/** Puts the mesh's traffic on record: every console holds the windows, the leader writes them. */
export interface TrafficRecorder extends Part {
  /** Hands over a window. `endedAtMs` tells when it ended by the console's clock, as far as is known when it is asked. */
  take(window: ReceivedWindow, endedAtMs: () => number): void;
  /** What is not in the database yet, or not known to be. */
  readonly held: HeldTraffic;
  readonly book: SeriesBook;
  readonly limitBytes: number;
  /** Does now what it does by itself once a second; with `all`, seconds that are not complete are written too. */
  work(all?: boolean): Promise<void>;
}

const EVERY_MS = 1000;
const HELD_BYTES = 64 * 1024 * 1024;
/** Packed calls of one transaction: it must be over within seconds. */
const BATCH_BYTES = 4 * 1024 * 1024;
const TIDY_MS = 60_000;
/** How often a console that follows asks what the leader has written. */
const FOLLOW_MS = 5000;

/** Holds the windows of all gateways; while this console leads, writes them, makes coarse spans of fine ones, and deletes old ones. */
export function recordTrafficHistory(options: TrafficRecorderOptions): TrafficRecorder {
  const { store, consoleId, isLeader, limitBytes, log } = options;
  const clock = options.clock ?? systemClock;
  const book = new SeriesBook();
  const held = new HeldTraffic(options.heldBytes ?? HELD_BYTES);
  let working: Promise<void> | undefined;
  let tidiedMs = Number.NEGATIVE_INFINITY;
  let saidLost = 0;

  async function work(all = false): Promise<void> {
    if (held.lostSeconds > saidLost)
      log.warn({ seconds: held.lostSeconds }, "no room to hold more traffic for the database; the oldest is lost");
    saidLost = held.lostSeconds;
    if (isLeader()) await lead(all);
    else await follow();
  }

  async function lead(all: boolean): Promise<void> {
    for (const batch of batchesOf(held.due(clock.nowMs(), clock.monotonicMs(), all))) await record(batch);
    while (await rollUpTraffic(store, clock.nowMs()));
    if (clock.monotonicMs() < tidiedMs + TIDY_MS) return;
    // Also when it fails: what it waits for would keep readers waiting every second.
    tidiedMs = clock.monotonicMs();
    book.tidy(clock.nowMs());
    await tidyTrafficHistory(store, { limitBytes, nowMs: clock.nowMs() });
  }

  /** Of a batch that the database does not take, the windows it does take are written, and the others given up. */
  async function record(batch: readonly HeldWindow[]): Promise<void> {
    try {
      held.forget(await recordTraffic({ store, book, consoleId }, batch, clock.nowMs()));
    } catch (error) {
      if (!isRefusedValue(error)) throw error;
      const [window] = batch;
      if (window === undefined) throw error;
      if (batch.length > 1) {
        for (const one of batch) await record([one]);
        return;
      }
      const { gatewayId, run, sequence } = window;
      log.error({ err: error, gatewayId, run, sequence }, "traffic that the database does not take is set aside");
      held.forget([window]);
    }
  }

  async function follow(): Promise<void> {
    if (clock.monotonicMs() < tidiedMs + FOLLOW_MS) return;
    held.forget(await store.read(readTrafficCursors));
    book.tidy(clock.nowMs());
    tidiedMs = clock.monotonicMs();
  }

  function attempt(all?: boolean): Promise<void> {
    return work(all).catch((error: unknown) => {
      // Held until it is back; the link's status says that it is away.
      if (!(error instanceof MeshError && error.code === "DATABASE_DOWN"))
        log.error({ err: error }, "traffic could not be put on record");
    });
  }

  const timer = setInterval(() => {
    working ??= attempt().finally(() => (working = undefined));
  }, EVERY_MS).unref();

  return {
    name: "traffic recorder",
    take: (window, endedAtMs) => held.add(window, endedAtMs, clock.monotonicMs()),
    held,
    book,
    limitBytes,
    work,
    async stop() {
      clearInterval(timer);
      await working;
      await attempt(true);
    },
  };
}

/** Windows in pieces that one transaction takes, by time; those of a gateway stay in order. One piece at least: it signs that somebody records. */
function batchesOf(windows: readonly HeldWindow[]): HeldWindow[][] {
  const latest = new Map<string, number>();
  const placed = windows.map((window) => {
    const atMs = Math.max(window.atMs, latest.get(window.gatewayId) ?? 0);
    latest.set(window.gatewayId, atMs);
    return { window, atMs };
  });
  const batches: HeldWindow[][] = [[]];
  let bytes = 0;
  for (const { window } of placed.toSorted((a, b) => a.atMs - b.atMs)) {
    if (bytes > BATCH_BYTES) {
      batches.push([]);
      bytes = 0;
    }
    batches.at(-1)?.push(window);
    bytes += window.window.packedBytes;
  }
  return batches;
}
