/** Length of one swell of the load, s. */
const SWELL_S = 60;
/** A burst comes this often and lasts this long, s. */
const BURST_EVERY_S = 17;
const BURST_S = 2;

/**
 * Requests per second at a moment, `seconds` after the start: a slow wave between 0.35 and 0.85 of the peak with short
 * bursts to the peak itself. Never above the peak.
 */
export function rateAt(seconds: number, peak: number): number {
  const wave = 0.6 + 0.25 * Math.sin((2 * Math.PI * seconds) / SWELL_S);
  const burst = seconds % BURST_EVERY_S >= BURST_EVERY_S - BURST_S;
  return peak * (burst ? 1 : wave);
}

/** One request of a visitor. */
export interface Visit {
  readonly method: "GET" | "POST";
  readonly path: string;
}

/** What the next visitor does; `random` and `randomProduct` are in [0, 1). */
export function visitFor(random: number, randomProduct: number, productCount: number): Visit {
  if (random < 0.35) return { method: "GET", path: "/" };
  if (random < 0.6) return { method: "GET", path: `/product/${Math.floor(randomProduct * productCount)}` };
  if (random < 0.7) return { method: "GET", path: "/cart" };
  return { method: "POST", path: "/checkout" };
}
