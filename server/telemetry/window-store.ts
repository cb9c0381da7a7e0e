import type { SparseHistogram } from "#domain/histogram.ts";
import type { BreakerReading, TrafficWindow } from "#domain/traffic.ts";

/** What a command counted in one window. */
export interface CountedCommand extends Pick<BreakerReading, "routeId" | "service" | "counts" | "fallbackServed"> {
  /** Empty in older windows: percentiles are of the last seconds, and a fleet's minute of latencies would be large. */
  latency: SparseHistogram;
}

/** What is kept of a window for a minute: of a large fleet whole windows would be too many. */
export interface StoredWindow extends Pick<TrafficWindow, "run" | "sequence" | "startMs" | "endMs"> {
  readonly breakers: readonly CountedCommand[];
}

/** A window as the console places it in time. */
export interface PlacedWindow {
  readonly window: StoredWindow;
  /** End of the window by the console's clock, Unix epoch, ms. */
  readonly atMs: number;
}

type WindowHead = Omit<TrafficWindow, "edges">;

/** The latest windows of one gateway, a minute of them and a few seconds. */
export class WindowStore {
  readonly #windows: StoredWindow[] = [];
  #latest: WindowHead | undefined;
  #skewMs: number | undefined;
  #turnedMs = 0;
  #run = "";
  /** How much later than the clocks' difference explains windows have come lately, ms, one after another as they happened. */
  #late: number[] = [];
  #lastReceivedMs = 0;

  /** Unix epoch ms at which the last window arrived; 0 before the first. */
  get lastReceivedMs(): number {
    return this.#lastReceivedMs;
  }

  /**
   * The gateway said what time it is by its clock, `receivedMs` being the time here (both Unix epoch): so the clocks'
   * difference is known before the first window, which may be the oldest of a long buffer and take its time to be followed
   * by those that come as they are closed.
   */
  greet(run: string, gatewayMs: number, receivedMs: number): void {
    const difference = receivedMs - gatewayMs;
    this.#skewMs = run === this.#run ? Math.min(difference, this.#skewMs ?? difference) : difference;
    this.#run = run;
  }

  /** Adds a window that arrived at `receivedMs` (Unix epoch). */
  add(window: WindowHead, receivedMs: number): void {
    // What lies between a window's end by the gateway's clock and its arrival is its journey plus how far the clocks are
    // apart. Windows out of the buffer travelled long, the latest one hardly at all: the smallest difference counts, and
    // with those that come as they happen it may grow slowly, since clocks are set now and then.
    const difference = receivedMs - window.endMs;
    const isNewRun = window.run !== this.#run;
    this.#run = window.run;
    this.#followTurn(window);
    const known = isNewRun ? undefined : this.#skewMs;
    const isLive = receivedMs - this.#lastReceivedMs >= LIVE_MS;
    this.#skewMs = known === undefined ? difference : Math.min(difference, known + (isLive ? DRIFT_MS : 0));
    this.#followJump(difference, isLive);
    this.#lastReceivedMs = receivedMs;
    this.#latest = headOf(window);
    this.#windows.push(storedOf(window));
    while (this.#windows.length > KEEP) this.#windows.shift();
    for (const command of this.#windows.at(-KEEP_LATENCY - 1)?.breakers ?? []) command.latency = NO_LATENCY;
  }

  /** A window that ends before the one it follows tells that the gateway's clock was set back meanwhile; they are a second apart. */
  #followTurn({ run, sequence, endMs }: WindowHead): void {
    const before = this.#latest;
    if (before === undefined || before.run !== run || before.sequence + 1 !== sequence || endMs >= before.endMs) return;
    const turnMs = endMs - before.endMs - 1000;
    this.#turnedMs += turnMs;
    if (this.#skewMs !== undefined) this.#skewMs -= turnMs;
    // They are placed by one clock.
    this.#windows.length = 0;
  }

  /** Somebody may set a clock by hours, forward here or back there: then every window seems to come late, and they come as they happen. */
  #followJump(difference: number, isLive: boolean): void {
    const isLate = difference - (this.#skewMs ?? 0) > JUMP_MS;
    this.#late = isLive && isLate ? [...this.#late.slice(1 - JUMP_WINDOWS), difference] : [];
    if (this.#late.length === JUMP_WINDOWS) this.#skewMs = Math.min(...this.#late);
  }

  /** What has to be added to the gateway's clock for the console's, as far as is known by now, ms. */
  get skewMs(): number {
    return this.#skewMs ?? 0;
  }

  /** By how much the gateway's clock was set within a run, as far as its windows told, in all, ms. */
  get turnedMs(): number {
    return this.#turnedMs;
  }

  /**
   * When one of its windows ended by the console's clock, as far as is known by now: Unix epoch, ms. `turnedMs` is what that
   * was when the window came; now unless given.
   */
  endedAtMs({ endMs }: Pick<TrafficWindow, "endMs">, turnedMs = this.#turnedMs): number {
    return endMs + this.#turnedMs - turnedMs + this.skewMs;
  }

  /** Windows that ended after `sinceMs` by the console's clock, oldest first. */
  since(sinceMs: number): PlacedWindow[] {
    return this.#windows
      .map((window) => ({ window, atMs: this.endedAtMs(window) }))
      .filter(({ atMs }) => atMs > sinceMs);
  }

  latest(): WindowHead | undefined {
    return this.#latest;
  }
}

/** Without the edges, which would be held on to for as long as it is the latest. */
function headOf(window: WindowHead): WindowHead {
  return {
    sequence: window.sequence,
    run: window.run,
    gatewayId: window.gatewayId,
    startMs: window.startMs,
    endMs: window.endMs,
    breakers: window.breakers,
    transitions: window.transitions,
    ejections: window.ejections,
    instances: window.instances,
    unrouted: window.unrouted,
    dropped: window.dropped,
  };
}

function storedOf({ run, sequence, startMs, endMs, breakers }: WindowHead): StoredWindow {
  return { run, sequence, startMs, endMs, breakers: breakers.map(countedOf) };
}

function countedOf({ routeId, service, counts, fallbackServed, latency }: BreakerReading): CountedCommand {
  return { routeId, service, counts, fallbackServed, latency };
}

const KEEP = 64;
const KEEP_LATENCY = 16;
const NO_LATENCY: SparseHistogram = [];
const DRIFT_MS = 100;
/** Windows that come one a second are not out of a buffer. */
const LIVE_MS = 500;
/** When this many of them in a row are late by more than journeys take, a clock was set. */
const JUMP_WINDOWS = 15;
const JUMP_MS = 2000;
