import type { FleetBreaker } from "#domain/live.ts";
import type { OverrideMode, OverrideSpec, OverrideTarget } from "#domain/override.ts";
import { formatRate } from "../format/number.ts";
import { automaticInWords } from "./breaker-state.ts";
import { coversCommand } from "./overrides-of.ts";

function list(names: readonly string[]): string {
  return names.length <= 1 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}

/** What forcing the breakers of `target` does to today's traffic, in words. */
export function forceEffect(breakers: readonly FleetBreaker[], target: OverrideTarget, mode: OverrideMode): string {
  const bound = breakers.filter((breaker) => coversCommand(target, breaker));
  const rate = bound.reduce((sum, breaker) => sum + breaker.offeredPerSecond, 0);
  const callers = [...new Set(bound.flatMap((breaker) => breaker.callers))].toSorted();
  const backups = [...new Set(bound.flatMap((breaker) => breaker.gateways.flatMap(({ reading }) => reading.backups)))];
  const from = callers.length === 0 ? "" : ` from ${list(callers)}`;
  const affected = rate > 0 ? `Affects ${formatRate(rate)}${from} now.` : "Nothing is calling it now.";
  if (mode === "forced-closed")
    return `${affected} Calls go through however many fail. They are still counted, so you see what the breaker would do.`;
  const instead = backups.length === 0 ? "callers get 503" : `${list(backups)} answers instead`;
  return `${affected} No call reaches ${target.service}; ${instead}.`;
}

/** What ending an override does to today's traffic, in words: the automatic state that was kept underneath takes over. */
export function liftEffect(breakers: readonly FleetBreaker[], override: Pick<OverrideSpec, "target">): string {
  const bound = breakers.filter((breaker) => coversCommand(override.target, breaker));
  const rate = bound.reduce((sum, breaker) => sum + breaker.offeredPerSecond, 0);
  const states = bound.map((breaker) => `${breaker.key} is ${automaticInWords(breaker).toLowerCase()}`);
  const affected = rate > 0 ? `Affects ${formatRate(rate)} now.` : "Nothing is calling it now.";
  return states.length === 0 ? affected : `${affected} The automatic state takes over: ${states.join("; ")}.`;
}
