import type { LiveState } from "./live-store.ts";

/** After this long without a picture, what is shown is called old, ms: three missed pictures. */
const STALE_AFTER_MS = 3000;

export type Freshness =
  | { readonly kind: "waiting"; readonly sinceMs: number }
  | { readonly kind: "live"; readonly ageMs: number }
  | { readonly kind: "silent"; readonly sinceMs: number; readonly silentMs: number };

/**
 * Whether the page may call itself live. `nowMs` is the clock that stamped `receivedAtMs`. While nobody looked nothing was
 * sent, and that is no silence: a page that is shown again has as long as a new one.
 */
export function freshnessOf(
  { picture, receivedAtMs, lookingSinceMs }: Pick<LiveState, "picture" | "receivedAtMs" | "lookingSinceMs">,
  nowMs: number,
): Freshness {
  const ageMs = Math.max(0, nowMs - receivedAtMs);
  if (nowMs - Math.max(receivedAtMs, lookingSinceMs) > STALE_AFTER_MS)
    return { kind: "silent", sinceMs: receivedAtMs, silentMs: ageMs };
  if (picture === null || ageMs > STALE_AFTER_MS)
    return { kind: "waiting", sinceMs: Math.max(receivedAtMs, lookingSinceMs) };
  return { kind: "live", ageMs };
}
