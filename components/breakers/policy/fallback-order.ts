import type { Fallback } from "#domain/breaker-policy.ts";

type Kind = Fallback["kind"];

/** A fallback as it is added. */
export const FRESH_FALLBACKS = {
  service: { kind: "service", service: "", labels: {} },
  "last-good": { kind: "last-good", maxAgeMs: 60_000, maxBytes: 65_536 },
  fixed: { kind: "fixed", status: 200, contentType: "application/json", body: "" },
} as const satisfies { readonly [K in Kind]: Extract<Fallback, { kind: K }> };

/** Where a new fallback goes: to the end, but never after a fixed reply, which always answers. */
export function insertPlace(kinds: readonly Kind[], added: Kind): number {
  const fixed = kinds.indexOf("fixed");
  return added === "fixed" || fixed === -1 ? kinds.length : fixed;
}

/** Whether the fallback at a place may change places with the one before (-1) or after it (1). */
export function mayMove(kinds: readonly Kind[], at: number, by: -1 | 1): boolean {
  const other = kinds[at + by];
  return other !== undefined && other !== "fixed" && kinds[at] !== "fixed";
}
