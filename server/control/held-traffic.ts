import { nameForDatabase } from "#db/database-text.ts";
import type { CallSum } from "#db/traffic-detail.ts";
import type { GatewayTold } from "#db/traffic-mesh-repository.ts";
import type { TrafficCursor } from "#db/traffic-span-repository.ts";
import { errorsOf } from "#domain/outcome-counts.ts";
import { OUTCOMES, type BreakerReading, type InstanceTransition } from "#domain/traffic.ts";
import type { ReceivedWindow, Series } from "#telemetry/received-window.ts";

/** One window's calls, until they are in the database. */
export interface HeldWindow extends TrafficCursor {
  /** The second it tells of, Unix epoch by the console's clock, ms; whole seconds. */
  readonly atMs: number;
  readonly window: ReceivedWindow;
  readonly told: GatewayTold;
  /** Instances that the gateway took out, or in again. */
  readonly turns: readonly InstanceTransition[];
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
/** No window is longer in earnest, ms: what says so is from a clock that was set. */
const LENGTH_MAX_MS = 10_000;
/** Buffers reach back ten minutes. A window that seems to be much further from its arrival is nonsense, ms. */
const ASTRAY_MS = 3_600_000;
/** Breakers named in one window: far more are not closed only while everything is down. */
const BREAKERS_MAX = 500;
/** Turns of instances kept of one window: more in a second are a storm, not news. */
const TURNS_MAX = 100;
/** Bytes of a window besides its calls, and of a turn. */
const OVERHEAD = 500;
/** Seconds that are told apart as lost: more than a day of them. */
const LOST_MAX = 100_000;

/** Windows of all gateways that are not in the database yet, or not known to be, in the order of arrival. Bounded. */
export class HeldTraffic {
  readonly #byGateway = new Map<string, Waiting[]>();
  readonly #maxBytes: number;
  readonly #lost = new Set<number>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Seconds of which something was given up for want of room. */
  get lostSeconds(): number {
    return this.#lost.size;
  }

  /** `endedAtMs` tells when the window ended by the console's clock, as far as is known when it is asked. */
  add(window: ReceivedWindow, endedAtMs: () => number, receivedMs: number): void {
    const { run, sequence, startMs, endMs } = window;
    const gatewayId = nameForDatabase(window.gatewayId);
    const lengthMs = Math.min(Math.max(0, endMs - startMs), LENGTH_MAX_MS);
    const held = this.#byGateway.get(gatewayId) ?? [];
    // A gateway that was given up and comes back tells all it still has.
    const known = held.findLast((other) => other.run === run);
    if (known !== undefined && sequence <= known.sequence) return;
    this.#byGateway.set(gatewayId, held);
    const waiting: Waiting = {
      gatewayId,
      run,
      sequence,
      receivedMs,
      atMs: null,
      middleMs: () => endedAtMs() - lengthMs / 2,
      window: window.bare(),
      turns: window.ejections.slice(0, TURNS_MAX),
      told: { gateway: gatewayId, breakers: notClosed(window.breakers) },
    };
    held.push(waiting);
    this.#bytes += sizeOf(waiting);
    while (this.#bytes > this.#maxBytes) this.#dropOldest();
  }

  /** The first windows of each gateway that can be written now; with `all`, every one. */
  due(nowMs: number, monotonicMs: number, all = false): HeldWindow[] {
    const isDue = (window: Waiting): boolean => {
      if (all || window.receivedMs < monotonicMs - OVERDUE_MS) return true;
      return window.receivedMs <= monotonicMs - SETTLE_MS && placed(window).atMs <= nowMs - 1000 - DUE_MS;
    };
    const placed = (window: Waiting): HeldWindow => place(window, nowMs - (monotonicMs - window.receivedMs));
    return [...this.#byGateway.values()].flatMap((held) => {
      const end = held.findIndex((window) => !isDue(window));
      return held.slice(0, end === -1 ? held.length : end).map(placed);
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
      for (const window of held) this.#bytes -= sizeOf(window);
      for (const window of left) this.#bytes += sizeOf(window);
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
    this.#bytes -= sizeOf(dropped);
    if (this.#lost.size < LOST_MAX) this.#lost.add(secondOf(dropped));
  }
}

function sizeOf({ window, turns }: Waiting): number {
  return window.packedBytes + OVERHEAD * (1 + turns.length);
}

function place(window: Waiting, receivedAtMs: number): HeldWindow {
  const atMs = Math.min(
    Math.max(secondOf(window), secondAt(receivedAtMs - ASTRAY_MS)),
    secondAt(receivedAtMs + ASTRAY_MS),
  );
  window.atMs = atMs;
  // It holds on to the gateway's other windows.
  window.middleMs = null;
  return { ...window, atMs };
}

function secondOf({ atMs, middleMs }: Waiting): number {
  return atMs ?? secondAt(middleMs?.() ?? 0);
}

function secondAt(momentMs: number): number {
  return Math.floor(momentMs / 1000) * 1000;
}

/** Each command's worst state among the gateway's workers, where it is not closed. */
function notClosed(readings: readonly BreakerReading[]): GatewayTold["breakers"] {
  const commands = new Map<string, GatewayTold["breakers"][number]>();
  for (const { state, ...reading } of readings) {
    if (state === "closed") continue;
    const [routeId, service] = [nameForDatabase(reading.routeId), nameForDatabase(reading.service)];
    const key = `${service}\n${routeId}`;
    if (state === "open" || !commands.has(key)) commands.set(key, { routeId, service, state });
  }
  return [...commands.values()].slice(0, BREAKERS_MAX);
}

const IS_ERROR = OUTCOMES.map((outcome) => errorsOf({ [outcome]: 1 }) > 0);

/** Adds a held window's calls to sums of its series; null: they are passed over. `gateway` is its number there. */
export function addWindow(
  { window, atMs }: Pick<HeldWindow, "window" | "atMs">,
  gateway: number,
  sumOf: (series: Series) => CallSum | null,
): void {
  window.eachEdge((series, edge) => {
    const sum = sumOf(series);
    if (sum === null) return;
    let requests = 0;
    let errors = 0;
    for (let at = 0; at < OUTCOMES.length; at += 1) {
      const count = edge.counts[at] ?? 0;
      if (count === 0) continue;
      sum.addCount(at, count);
      requests += count;
      errors += IS_ERROR[at] === true ? count : 0;
    }
    for (let at = 0; at < edge.buckets; at += 1) sum.addLatency(edge.bucketAt[at] ?? 0, edge.bucketCount[at] ?? 0);
    sum.bytesOut += edge.bytesOut;
    sum.addInFlight(edge.inFlight, atMs);
    if (requests > 0) sum.addGateway(gateway, requests, errors);
  });
}
