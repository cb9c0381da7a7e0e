import type { FleetBreaker } from "#domain/live.ts";
import { coversCommand, type OverrideMode, type OverrideSpec, type OverrideTarget } from "#domain/override.ts";
import type { Caller, OverrideReach } from "#domain/override-reach.ts";
import type { ReplyKind } from "#domain/traffic.ts";
import { formatRate } from "../format/number.ts";
import { automaticInWords } from "./breaker-state.ts";

/** `a, b and c`. */
export function list(names: readonly string[]): string {
  return names.length <= 1 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}

/** What forcing does to calls, in words. */
export function forceEffect(target: OverrideTarget, mode: OverrideMode): string {
  if (target.kind === "instance") {
    return mode === "forced-open"
      ? "It gets no new calls; the other instances take its share. Calls in flight end."
      : "It keeps its share of the calls although it fails them or its health checks. Both are still counted, so you see what would become of it.";
  }
  return mode === "forced-open"
    ? `No call reaches ${target.service}.`
    : "Calls go through however many fail. They are still counted, so you see what the breaker would do.";
}

/** `12 requests per second from orders (8.0/s) and support`. */
export function reachInWords({ requestsPerSecond, callers }: OverrideReach): string {
  if (requestsPerSecond <= 0) return "Nothing is calling it now.";
  const from = callers.length === 0 ? "" : ` from ${list(callers.map(callerInWords))}`;
  return `${formatRate(requestsPerSecond)}${from} now.`;
}

function callerInWords({ name, requestsPerSecond }: Caller): string {
  return requestsPerSecond === null ? name : `${name} (${formatRate(requestsPerSecond)})`;
}

const REPLY_WORDS: Readonly<Record<ReplyKind, string>> = {
  "last-good": "the last good reply",
  fixed: "the fixed reply",
};

export interface AnswerInstead {
  readonly commands: readonly string[];
  /** In the order they are tried; what nothing of it answers gets 503. */
  readonly chain: readonly string[];
}

/** What answers while the breakers are open, those that do so alike together. */
export function answersInstead(breakers: readonly FleetBreaker[]): AnswerInstead[] {
  const byChain = new Map<string, { commands: string[]; chain: string[] }>();
  for (const { key, gateways } of breakers) {
    const readings = gateways.map(({ reading }) => reading);
    const backups = new Set(readings.flatMap((reading) => reading.backups));
    const replies = new Set(readings.flatMap((reading) => reading.replies));
    const chain = [...backups, ...[...replies].map((reply) => REPLY_WORDS[reply])];
    const known = byChain.get(chain.join());
    if (known === undefined) byChain.set(chain.join(), { commands: [key], chain });
    else known.commands.push(key);
  }
  return [...byChain.values()];
}

/** `payments-backup, then the last good reply; else 503`. */
export function chainInWords(chain: readonly string[]): string {
  return chain.length === 0 ? "Nothing: callers get 503" : `${chain.join(", then ")}; else 503`;
}

/** What ending an override does to today's traffic, in words: the automatic state that was kept underneath takes over. */
export function liftEffect(breakers: readonly FleetBreaker[], override: Pick<OverrideSpec, "target">): string {
  if (override.target.kind === "instance")
    return "Ejection and health checks decide again whether it gets calls, from where they stand now.";
  const bound = breakers.filter((breaker) => coversCommand(override.target, breaker));
  const rate = bound.reduce((sum, breaker) => sum + breaker.offeredPerSecond, 0);
  const states = bound.map((breaker) => `${breaker.key} is ${automaticInWords(breaker).toLowerCase()}`);
  const affected = rate > 0 ? `Affects ${formatRate(rate)} now.` : "Nothing is calling it now.";
  return states.length === 0 ? affected : `${affected} The automatic state takes over: ${states.join("; ")}.`;
}
