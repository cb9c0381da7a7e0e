import type { ServiceRecord } from "#domain/backup-outlook.ts";
import { BUCKETS, meanMs, type SparseHistogram } from "#domain/histogram.ts";
import { OUTCOMES } from "#domain/traffic.ts";
import type { Clock } from "#platform/clock.ts";
import type { EdgeCursor } from "./packed-edges.ts";
import type { ReceivedWindow } from "./received-window.ts";

/** A rate is taken over this long, ms: shorter, and windows of several gateways would not fall together. */
const STRETCH_MS = 10_000;
/** Peaks are kept for slots of this length, ms. */
const SLOT_MS = 300_000;
const WATCHED_MS = 3_600_000;
/** Late windows still count for as many stretches; a gateway that was not heard of for a while sends them all at once. */
const OPEN_STRETCHES = 12;
/** A window that says it ended later than this is from a clock that is wrong, ms. */
const AHEAD_MS = 60_000;
const MAX_SERVICES = 2000;
const SUCCESS = OUTCOMES.indexOf("success");

interface Slot {
  peakPerSecond: number;
  /** By bucket. */
  readonly latency: Float64Array;
}

interface Stretch {
  /** Calls answered well. */
  served: number;
}

interface Watched {
  /** By number of the stretch. */
  readonly stretches: Map<number, Stretch>;
  /** By number of the slot. */
  readonly slots: Map<number, Slot>;
}

/** The most that each service has served over any ten seconds of the last hour, over all gateways, and how long it took. In memory. */
export class ServicePeaks {
  readonly #clock: Clock;
  readonly #startedMs: number;
  #nextLookMs = 0;
  readonly #services = new Map<string, Watched>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedMs = clock.nowMs();
  }

  /**
   * Counts a window, once. `endMs` is when it ended by the console's clock: by their own, gateways' windows would not fall
   * together, and those of one whose clock is off by minutes would not count at all.
   */
  take(window: ReceivedWindow, endMs: number): void {
    const nowMs = this.#clock.nowMs();
    if (endMs > nowMs + AHEAD_MS || endMs < nowMs - OPEN_STRETCHES * STRETCH_MS) return;
    const open = new Map<string, OpenService | null>();
    window.eachEdge(({ key: { service, instance } }, edge) => {
      if (instance === "") return;
      let at = open.get(service);
      if (at === undefined) open.set(service, (at = this.#open(service, endMs)));
      if (at !== null) addCalls(at, edge);
    });
    for (const at of open.values()) if (at !== null) settle(at);
  }

  /** Null until there is something to go by. */
  recordOf(service: string): ServiceRecord | null {
    const nowMs = this.#clock.nowMs();
    const watchedMs = Math.min(WATCHED_MS, nowMs - this.#startedMs);
    // The first stretch has only begun.
    if (watchedMs < STRETCH_MS || (!this.#services.has(service) && this.#full)) return null;
    const slots = this.#recentSlots(service, nowMs);
    return { watchedMs, peakPerSecond: Math.max(0, ...slots.map(({ peakPerSecond }) => peakPerSecond)) };
  }

  /** How long its answers took on average, ms; null when there were none in the last hour. */
  meanMs(service: string): number | null {
    return meanMs(sumOf(this.#recentSlots(service, this.#clock.nowMs()).map(({ latency }) => latency)));
  }

  /** Where what a service served up to `endMs` is counted; null when there is no room. */
  #open(service: string, endMs: number): OpenService | null {
    const watched = this.#at(service);
    if (watched === null) return null;
    const { stretches, slots } = watched;
    const number = Math.floor(endMs / STRETCH_MS);
    const stretch = stretches.get(number) ?? { served: 0 };
    stretches.set(number, stretch);
    const slotNumber = Math.floor(endMs / SLOT_MS);
    const slot = slots.get(slotNumber) ?? { peakPerSecond: 0, latency: new Float64Array(BUCKETS) };
    slots.set(slotNumber, slot);
    if (stretches.size > OPEN_STRETCHES) dropBefore(stretches, number - OPEN_STRETCHES);
    if (slots.size > WATCHED_MS / SLOT_MS) dropBefore(slots, slotNumber - WATCHED_MS / SLOT_MS);
    return { stretch, slot };
  }

  #at(service: string): Watched | null {
    const known = this.#services.get(service);
    if (known !== undefined) return known;
    if (this.#full) this.#forgetIdle();
    if (this.#full) return null;
    const watched: Watched = { stretches: new Map(), slots: new Map() };
    this.#services.set(service, watched);
    return watched;
  }

  get #full(): boolean {
    return this.#services.size >= MAX_SERVICES;
  }

  /** Now and then: to look at all of them takes time. */
  #forgetIdle(): void {
    const nowMs = this.#clock.nowMs();
    if (nowMs < this.#nextLookMs) return;
    this.#nextLookMs = nowMs + STRETCH_MS;
    for (const service of this.#services.keys())
      if (this.#recentSlots(service, nowMs).length === 0) this.#services.delete(service);
  }

  #recentSlots(service: string, nowMs: number): Slot[] {
    const oldest = Math.floor((nowMs - WATCHED_MS) / SLOT_MS);
    const slots = this.#services.get(service)?.slots ?? new Map<number, Slot>();
    return [...slots].flatMap(([number, slot]) => (number > oldest ? [slot] : []));
  }
}

interface OpenService {
  readonly stretch: Stretch;
  readonly slot: Slot;
}

function addCalls({ stretch, slot: { latency } }: OpenService, edge: EdgeCursor): void {
  stretch.served += edge.counts[SUCCESS] ?? 0;
  for (let at = 0; at < edge.buckets; at += 1) {
    const bucket = edge.bucketAt[at] ?? 0;
    latency[bucket] = (latency[bucket] ?? 0) + (edge.bucketCount[at] ?? 0);
  }
}

function settle({ stretch, slot }: OpenService): void {
  slot.peakPerSecond = Math.max(slot.peakPerSecond, (stretch.served * 1000) / STRETCH_MS);
}

function dropBefore(numbered: Map<number, unknown>, oldest: number): void {
  for (const number of numbered.keys()) if (number <= oldest) numbered.delete(number);
}

function sumOf(histograms: readonly Float64Array[]): SparseHistogram {
  const sum = new Float64Array(BUCKETS);
  for (const counts of histograms) counts.forEach((count, bucket) => (sum[bucket] = (sum[bucket] ?? 0) + count));
  return [...sum.entries()].filter(([, count]) => count > 0);
}
