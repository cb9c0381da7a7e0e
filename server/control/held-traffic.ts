import { packCalls } from "#db/traffic-detail.ts";
import type { GatewayTold } from "#db/traffic-mesh-repository.ts";
import type { TrafficCursor } from "#db/traffic-span-repository.ts";
import type { BreakerReading, EdgeWindow, TrafficWindow } from "#domain/traffic.ts";
import type { SeriesBook } from "./series-book.ts";

/** One window's calls, until they are in the database. */
export interface HeldWindow extends TrafficCursor {
  /** The second it tells of, Unix epoch by the console's clock, ms; whole seconds. */
  readonly atMs: number;
  /** Its series, packed with the numbers of the series book. */
  readonly packed: Uint8Array;
  readonly told: GatewayTold;
}

interface Waiting extends Omit<HeldWindow, "atMs"> {
  /** Monotonic, ms. */
  readonly receivedMs: number;
  atMs: number | null;
  /** Null once it is placed. */
  middleMs: (() => number) | null;
}

/** A window's place in time is settled this long after it arrived: those out of a gateway's buffer come in a burst, oldest first. */
const SETTLE_MS = 3000;
/** A second is written this long after it ended, so that all gateways' windows of it are one part. */
const DUE_MS = 4000;
/** Held this long, a window is written whatever the clock says: it may have been set back. */
const OVERDUE_MS = 30_000;
/** Breakers named in one window: far more are not closed only while everything is down. */
const BREAKERS_MAX = 500;
/** Bytes of a window besides its calls. */
const OVERHEAD = 300;
const LOST_MAX = 100_000;
const SHORT_MS = 600_000;

/** Windows of all gateways that are not in the database yet, or not known to be, in the order of arrival. Bounded. */
export class HeldTraffic {
  readonly #byGateway = new Map<string, Waiting[]>();
  readonly #book: SeriesBook;
  readonly #maxBytes: number;
  readonly #lost = new Set<number>();
  #bytes = 0;

  constructor(book: SeriesBook, maxBytes: number) {
    this.#book = book;
    this.#maxBytes = maxBytes;
  }

  /** Seconds of which something was given up for want of room. */
  get lostSeconds(): number {
    return this.#lost.size;
  }

  /** Nothing has been waiting for long, so that all it names is remembered. `monotonicMs` as in `add`. */
  isShort(monotonicMs: number): boolean {
    return [...this.#byGateway.values()].every(
      ([first]) => (first?.receivedMs ?? monotonicMs) > monotonicMs - SHORT_MS,
    );
  }

  /** `endedAtMs` tells when the window ended by the console's clock, as far as is known when it is asked. */
  add(
    window: TrafficWindow,
    endedAtMs: () => number,
    now: { readonly nowMs: number; readonly monotonicMs: number },
  ): void {
    const { gatewayId, run, sequence, startMs, endMs } = window;
    const held = this.#byGateway.get(gatewayId) ?? [];
    // A gateway that was given up and comes back tells all it still has.
    const known = held.findLast((other) => other.run === run);
    if (known !== undefined && sequence <= known.sequence) return;
    this.#byGateway.set(gatewayId, held);
    const gateway = this.#book.gateways.numberOf(gatewayId);
    const calls = window.edges.map((edge) => [this.#book.numberOf(edge, now.nowMs), callsOf(edge)] as const);
    const packed = packCalls(calls, gateway);
    held.push({
      ...{ gatewayId, run, sequence, packed, receivedMs: now.monotonicMs, atMs: null },
      middleMs: () => endedAtMs() - (endMs - startMs) / 2,
      told: { gateway: gatewayId, breakers: notClosed(window.breakers) },
    });
    this.#bytes += packed.length + OVERHEAD;
    while (this.#bytes > this.#maxBytes) this.#dropOldest();
  }

  /** The first windows of each gateway that can be written now; with `all`, every one. */
  due(nowMs: number, monotonicMs: number, all = false): HeldWindow[] {
    return [...this.#byGateway.values()].flatMap((held) => {
      const isDue = (window: Waiting): boolean => {
        if (all || window.receivedMs < monotonicMs - OVERDUE_MS) return true;
        return window.receivedMs <= monotonicMs - SETTLE_MS && place(window).atMs <= nowMs - 1000 - DUE_MS;
      };
      const end = held.findIndex((window) => !isDue(window));
      return held.slice(0, end === -1 ? held.length : end).map(place);
    });
  }

  /** All of them, placed as far as is known now. */
  all(): HeldWindow[] {
    return [...this.#byGateway.values()].flatMap((held) =>
      held.map((window) => ({ ...window, atMs: secondOf(window) })),
    );
  }

  /** Lets go of what is in the database. */
  forget(cursors: readonly TrafficCursor[]): void {
    for (const { gatewayId, run, sequence } of cursors) {
      const held = this.#byGateway.get(gatewayId);
      if (held === undefined) continue;
      const left = held.filter((window) => window.run !== run || window.sequence > sequence);
      if (left.length === held.length) continue;
      this.#bytes += sizeOf(left) - sizeOf(held);
      if (left.length === 0) this.#byGateway.delete(gatewayId);
      else this.#byGateway.set(gatewayId, left);
    }
  }

  #dropOldest(): void {
    const [oldest] = [...this.#byGateway.values()].toSorted(
      ([a], [b]) => (a?.receivedMs ?? Infinity) - (b?.receivedMs ?? Infinity),
    );
    const dropped = oldest?.shift();
    if (dropped === undefined) return;
    this.#bytes -= dropped.packed.length + OVERHEAD;
    if (this.#lost.size < LOST_MAX) this.#lost.add(secondOf(dropped));
  }
}

function sizeOf(windows: readonly Waiting[]): number {
  return windows.reduce((sum, { packed }) => sum + packed.length + OVERHEAD, 0);
}

function place(window: Waiting): HeldWindow {
  const atMs = secondOf(window);
  window.atMs = atMs;
  // It holds on to the whole window.
  window.middleMs = null;
  return { ...window, atMs };
}

function secondOf({ atMs, middleMs }: Waiting): number {
  return atMs ?? Math.floor((middleMs?.() ?? 0) / 1000) * 1000;
}

function callsOf(edge: EdgeWindow): Parameters<typeof packCalls>[0][number][1] {
  const inFlight = "inFlight" in edge && typeof edge.inFlight === "number" ? edge.inFlight : 0;
  return { counts: edge.counts, latency: edge.latency, bytesOut: edge.bytesOut, inFlight };
}

/** Each command's worst state among the gateway's workers, where it is not closed. */
function notClosed(readings: readonly BreakerReading[]): GatewayTold["breakers"] {
  const commands = new Map<string, GatewayTold["breakers"][number]>();
  for (const { routeId, service, state } of readings) {
    if (state === "closed") continue;
    const key = `${service}\n${routeId}`;
    if (state === "open" || !commands.has(key)) commands.set(key, { routeId, service, state });
  }
  return [...commands.values()].slice(0, BREAKERS_MAX);
}
