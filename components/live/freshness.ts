import type { LiveState } from "./live-store.ts";

/** After this long without a picture, what is shown is called old, ms: three missed pictures. */
const STALE_AFTER_MS = 3000;

export type Freshness =
  | { readonly kind: "waiting"; readonly sinceMs: number }
  | { readonly kind: "live"; readonly ageMs: number }
  | { readonly kind: "silent"; readonly sinceMs: number; readonly silentMs: number };

/** Whether the page may call itself live. `nowMs` is the clock that stamped `receivedAtMs`. */
export function freshnessOf(state: Pick<LiveState, "picture" | "receivedAtMs">, nowMs: number): Freshness {
  const ageMs = Math.max(0, nowMs - state.receivedAtMs);
  if (ageMs > STALE_AFTER_MS) return { kind: "silent", sinceMs: state.receivedAtMs, silentMs: ageMs };
  return state.picture === null ? { kind: "waiting", sinceMs: state.receivedAtMs } : { kind: "live", ageMs };
}
