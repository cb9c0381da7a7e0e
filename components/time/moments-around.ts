import { resolutionAt } from "./axis-window.ts";

/** An edit reaches all gateways in a second or two; figures are averages of ten: by then they are of after it. */
const SETTLES_MS = 30_000;

/**
 * The moments just before something happened, and a while after. Before means in a span that had ended by then; null for
 * after: it has only just happened, and the mesh as it is now says most.
 */
export function momentsAround(
  atMs: number,
  nowMs: number,
): { readonly beforeMs: number; readonly afterMs: number | null } {
  const resolution = resolutionAt(atMs, nowMs);
  const afterMs = atMs + Math.max(SETTLES_MS, 2 * resolution);
  return { beforeMs: atMs - resolution, afterMs: afterMs < nowMs - SETTLES_MS / 2 ? afterMs : null };
}
