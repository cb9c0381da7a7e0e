import { effectiveState } from "./effective-breaker.ts";
import type { FleetBreaker } from "./live.ts";
import { RANK, type ServiceView } from "./service-view.ts";
import { listed, type TroubleFact, type TroublePlace } from "./trouble.ts";

/** What is wrong with the breakers that guard a service. */
export function breakerFacts(view: ServiceView): TroubleFact[] {
  const { name, breakers } = view;
  const facts: TroubleFact[] = [];
  const open = breakers.filter((breaker) => stateOf(breaker) === "open" && !isForced(breaker, "forced-open"));
  const halfOpen = breakers.filter((breaker) => stateOf(breaker) === "half-open");
  const forced = breakers.filter((breaker) => stateOf(breaker) === "open" && isForced(breaker, "forced-open"));
  const held = breakers.filter((breaker) =>
    breaker.gateways.some(({ reading }) => reading.override?.mode === "forced-closed" && reading.state !== "closed"),
  );
  if (open.length > 0)
    facts.push({
      severity: open.some(({ offeredPerSecond }) => offeredPerSecond > 0) ? "bad" : "warn",
      rank: RANK.open,
      title: `${name}: ${which(open, breakers)} open`,
      why: `${causeOf(open)}${whereOf(open)}`,
      sinceMs: sinceOf(open),
      advice: adviceOnOpen(open),
      places: breakerPlaces(view, open),
    });
  if (held.length > 0)
    facts.push({
      severity: "bad",
      rank: RANK.heldClosed,
      title: `${name}: ${which(held, breakers)} held closed by hand, and would be open`,
      why: causeOf(held),
      sinceMs: sinceOf(held),
      advice: "Calls go to a service that fails them. Put the breaker back to automatic, unless somebody means it.",
      places: breakerPlaces(view, held),
    });
  if (forced.length > 0)
    facts.push({
      severity: "warn",
      rank: RANK.forcedOpen,
      title: `${name}: ${which(forced, breakers)} forced open by hand`,
      why: forcedBy(forced),
      sinceMs: sinceOf(forced),
      advice: "Put it back to automatic when the work is done.",
      places: breakerPlaces(view, forced),
    });
  if (halfOpen.length > 0)
    facts.push({
      severity: "warn",
      rank: RANK.halfOpen,
      title: `${name}: ${which(halfOpen, breakers)} half-open`,
      why: `Trial calls decide whether it closes.${firstCauseOf(halfOpen)}`,
      sinceMs: sinceOf(halfOpen),
      advice: "Wait for the trials; when they fail, it opens again.",
      places: breakerPlaces(view, halfOpen),
    });
  return facts;
}

type Placed = FleetBreaker["gateways"][number];

/** The worst at any gateway, as callers meet it. */
function stateOf(breaker: FleetBreaker): "open" | "half-open" | "closed" {
  const states = breaker.gateways.map(({ reading }) =>
    effectiveState({ state: reading.state, override: reading.override?.mode ?? null }),
  );
  return states.includes("open") ? "open" : states.includes("half-open") ? "half-open" : "closed";
}

function isForced(breaker: FleetBreaker, mode: "forced-open"): boolean {
  return breaker.gateways.some(({ reading }) => reading.override?.mode === mode);
}

/** `its breaker is`, `2 of 3 breakers are`. */
function which(some: readonly FleetBreaker[], all: readonly FleetBreaker[]): string {
  if (all.length === 1) return "its breaker is";
  if (some.length === all.length) return `all its ${all.length} breakers are`;
  return `${some.length} of its ${all.length} breakers ${some.length === 1 ? "is" : "are"}`;
}

/** Readings that are not closed, of the busiest breaker first. */
function notable(breakers: readonly FleetBreaker[]): Placed[] {
  return breakers
    .toSorted((a, b) => b.offeredPerSecond - a.offeredPerSecond)
    .flatMap(({ gateways }) => gateways)
    .filter(({ reading }) => reading.state !== "closed");
}

function causeOf(breakers: readonly FleetBreaker[]): string {
  // Since a failed trial says only that the trial failed, the reason is what opened it first.
  const cause = notable(breakers)
    .map(({ reading }) => reading.outage?.cause ?? reading.cause)
    .find((words) => words !== "");
  return cause === undefined ? "Too many of its calls failed." : `${cause.replace(/[.]$/, "")}.`;
}

function firstCauseOf(breakers: readonly FleetBreaker[]): string {
  const cause = notable(breakers).find(({ reading }) => reading.outage !== null)?.reading.outage?.cause;
  return cause === undefined || cause === "" ? "" : ` It opened because ${lowerFirst(cause.replace(/[.]$/, ""))}.`;
}

function lowerFirst(words: string): string {
  return /^[A-Z][a-z]/.test(words) ? `${words.charAt(0).toLowerCase()}${words.slice(1)}` : words;
}

/** ` At gateway-1 only.`; empty when every gateway that knows it agrees. */
function whereOf(breakers: readonly FleetBreaker[]): string {
  const all = new Set(breakers.flatMap(({ gateways }) => gateways.map(({ gatewayId }) => gatewayId)));
  const places = new Set(notable(breakers).map(({ gatewayId }) => gatewayId));
  return places.size === all.size || places.size === 0 ? "" : ` At ${listed([...places].sort())} only.`;
}

function sinceOf(breakers: readonly FleetBreaker[]): number | null {
  const since = notable(breakers).map(({ reading }) => reading.outage?.sinceMs ?? reading.sinceMs);
  const forced = breakers.flatMap(({ gateways }) =>
    gateways.flatMap(({ reading }) => reading.override?.createdAtMs ?? []),
  );
  const all = since.length > 0 ? since : forced;
  return all.length === 0 ? null : Math.min(...all);
}

function forcedBy(breakers: readonly FleetBreaker[]): string {
  const override = breakers.flatMap(({ gateways }) => gateways).find(({ reading }) => reading.override !== null)
    ?.reading.override;
  return override === null || override === undefined
    ? "Somebody forced it open."
    : `By ${override.actor}: “${override.reason}”.`;
}

function adviceOnOpen(breakers: readonly FleetBreaker[]): string {
  const backups = [...new Set(breakers.flatMap(({ gateways }) => gateways.flatMap(({ reading }) => reading.backups)))];
  const meanwhile =
    backups.length === 0
      ? "Its calls are refused meanwhile, as it has no backup."
      : `${listed(backups)} should answer meanwhile.`;
  return `Look at what its instances answer; the breaker tries again by itself. ${meanwhile}`;
}

/** Where one looks at a breaker of a service, and at the service. */
export function breakerPlaces({ name }: ServiceView, [first]: readonly FleetBreaker[]): TroublePlace[] {
  const breaker: TroublePlace[] = first === undefined ? [] : [{ kind: "breaker", key: first.key }];
  return [...breaker, { kind: "service", name }];
}
