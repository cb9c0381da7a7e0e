import type { TrafficWindow } from "#domain/traffic.ts";

/** A window as the console places it in time. */
export interface PlacedWindow {
  readonly window: TrafficWindow;
  /** End of the window by the console's clock, Unix epoch, ms. */
  readonly atMs: number;
}

/** The latest windows of one gateway, a minute of them and a few seconds. */
export class WindowStore {
  readonly #windows: TrafficWindow[] = [];
  #skewMs: number | undefined;
  #lastReceivedMs = 0;

  /** Unix epoch ms at which the last window arrived; 0 before the first. */
  get lastReceivedMs(): number {
    return this.#lastReceivedMs;
  }

  /** Adds a window that arrived at `receivedMs` (Unix epoch). */
  add(window: TrafficWindow, receivedMs: number): void {
    // What lies between a window's end by the gateway's clock and its arrival is its journey plus how far the clocks are
    // apart. Windows out of the buffer travelled long, the latest one hardly at all: the smallest difference counts, and
    // it may grow slowly, since clocks are set now and then.
    const difference = receivedMs - window.endMs;
    this.#skewMs = this.#skewMs === undefined ? difference : Math.min(difference, this.#skewMs + DRIFT_MS);
    this.#lastReceivedMs = receivedMs;
    this.#windows.push(window);
    while (this.#windows.length > KEEP) this.#windows.shift();
  }

  /** Windows that ended after `sinceMs` by the console's clock, oldest first. */
  since(sinceMs: number): PlacedWindow[] {
    const skewMs = this.#skewMs ?? 0;
    return this.#windows
      .map((window) => ({ window, atMs: window.endMs + skewMs }))
      .filter(({ atMs }) => atMs > sinceMs);
  }

  latest(): TrafficWindow | undefined {
    return this.#windows.at(-1);
  }
}

const KEEP = 64;
const DRIFT_MS = 100;
