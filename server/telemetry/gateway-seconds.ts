import type { PlacedWindow, StoredWindow } from "./window-store.ts";

/** By how much the difference of the clocks may turn out to be another before everything is placed anew, ms. */
const SHIFT_MS = 500;

/** Windows that were not seen before, each with the second it ended in, since the Unix epoch by the console's clock. */
export interface NewSeconds {
  /** What was told of this gateway before is void: `windows` are all there are. */
  readonly anew: boolean;
  readonly windows: readonly { readonly second: number; readonly window: StoredWindow }[];
}

/**
 * Gives each window of one gateway its second, once. A gateway closes a window a second by a timer, so that its ends
 * wander round the turn of a second: consecutive windows get consecutive seconds all the same, and no second shows the
 * traffic of two while its neighbour shows none.
 */
export class GatewaySeconds {
  #skewMs = 0;
  #last: { readonly window: StoredWindow; readonly second: number } | null = null;

  /** @param windows of the last minute, oldest first. */
  take(windows: readonly PlacedWindow[]): NewSeconds {
    const [first] = windows;
    if (first === undefined) return { anew: false, windows: [] };
    // The skew is the store's best guess, the same for all windows; out of a long buffer it begins minutes off.
    const skewMs = first.atMs - first.window.endMs;
    const known = this.#last === null ? -1 : windows.findLastIndex(({ window }) => window === this.#last?.window);
    const anew = known === -1 || Math.abs(skewMs - this.#skewMs) > SHIFT_MS;
    if (anew) {
      this.#skewMs = skewMs;
      this.#last = null;
    }
    return { anew, windows: windows.slice(anew ? 0 : known + 1).map(({ window }) => this.#place(window)) };
  }

  #place(window: StoredWindow): { second: number; window: StoredWindow } {
    const exact = (window.endMs + this.#skewMs) / 1000;
    let second = Math.floor(exact);
    if (this.#last !== null) {
      const following = this.#last.second + Math.round((window.endMs - this.#last.window.endMs) / 1000);
      if (Math.abs(exact - (following + 0.5)) <= 1) second = following;
    }
    this.#last = { window, second };
    return { second, window };
  }
}
