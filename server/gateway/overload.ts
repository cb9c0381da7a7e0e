/** Why the gateway takes no more: all places are taken, or the process itself is at its end. */
export const OVERLOAD_REASONS = ["connections", "requests", "event-loop", "heap", "memory"] as const;
export type OverloadReason = (typeof OVERLOAD_REASONS)[number];

/** How hard the process has it. Shares are of what there is, 0 … 1. */
export interface Strain {
  /** How late the event loop was with what was due, ms. */
  readonly loopDelayMs: number;
  /** JavaScript's heap in use, of the most V8 will let it grow to. */
  readonly heapShare: number;
  /** Resident memory, of what the container lets this process have. */
  readonly memoryShare: number;
}

/** The loop has to have caught up, and not only to be a little less late. */
const LOOP_RELIEF = 0.5;
const MEMORY_RELIEF = 0.9;

/**
 * Reasons to refuse new work. One stands from the moment its limit is reached until the strain is well below it again:
 * else requests would be let in and refused by turns.
 */
export function strainReasons(
  strain: Strain,
  limits: Strain,
  standing: readonly OverloadReason[],
): readonly OverloadReason[] {
  const over = (reason: OverloadReason, value: number, limit: number, relief: number): OverloadReason[] =>
    value >= (standing.includes(reason) ? limit * relief : limit) ? [reason] : [];
  return [
    ...over("event-loop", strain.loopDelayMs, limits.loopDelayMs, LOOP_RELIEF),
    ...over("heap", strain.heapShare, limits.heapShare, MEMORY_RELIEF),
    ...over("memory", strain.memoryShare, limits.memoryShare, MEMORY_RELIEF),
  ];
}

/** One long pause (a collection, a large snapshot, a process that was stopped for a while) is no overload; several are. */
export function smoothedDelayMs(beforeMs: number, measuredMs: number, limitMs: number): number {
  return (beforeMs + Math.min(measuredMs, limitMs * 1.5)) / 2;
}
