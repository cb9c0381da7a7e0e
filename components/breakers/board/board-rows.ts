import type { FleetBreaker } from "#domain/live.ts";
import { fleetWindow, isDisputed, isIdle, STATE_STYLES, stateInWords, worstState } from "../breaker-state.ts";

/** Which breakers are shown, by the name in the address. */
export const SHOW = {
  all: "All",
  "not-closed": "Not closed",
  disputed: "Gateways disagree",
  forced: "Forced by hand",
  failing: "With errors",
  slow: "Slow",
  idle: "Idle",
} as const;
export type Show = keyof typeof SHOW;

const SHOWN: Readonly<Record<Show, (breaker: FleetBreaker, forced: boolean) => boolean>> = {
  all: () => true,
  "not-closed": (breaker) => worstState(breaker) !== "closed",
  disputed: isDisputed,
  forced: (_, forced) => forced,
  failing: (breaker) => fleetWindow(breaker).errors > 0,
  slow: isSlow,
  idle: isIdle,
};

/** True when it is shown; `forced` says that a person holds it. */
export function isShown(show: Show, breaker: FleetBreaker, forced: boolean): boolean {
  return SHOWN[show](breaker, forced);
}

/** Words a search finds a breaker by. */
export function searchWords(breaker: FleetBreaker): readonly string[] {
  const places = breaker.gateways.map(({ gatewayId }) => gatewayId);
  return [breaker.key, breaker.group, stateInWords(breaker), ...breaker.callers, ...places];
}

/** Slow calls are looked for, and there are some. */
export function isSlow(breaker: FleetBreaker): boolean {
  const { slow, waiting } = fleetWindow(breaker);
  return slow + waiting > 0 && breaker.gateways.some(({ reading }) => reading.thresholds.slowCallMs !== null);
}

/** What breakers are in order of, by the name in the address. Each has its natural direction; equals are by name. */
export const SORTS = {
  worst: "Worst first",
  rate: "Offered calls",
  errors: "Errors",
  p99: "p99",
  name: "Name",
} as const;
export type SortBy = keyof typeof SORTS;

/** Made once: for each comparison anew, it takes longer than all the rest of the page. */
const NAMES = new Intl.Collator("en", { numeric: true });
const byName = (a: FleetBreaker, b: FleetBreaker): number => NAMES.compare(a.key, b.key);
const rank = (breaker: FleetBreaker): number => {
  const state = worstState(breaker);
  return state === null ? STATE_STYLES.closed.rank + 1 : STATE_STYLES[state].rank;
};
const errors = (breaker: FleetBreaker): number => fleetWindow(breaker).percent;

const COMPARE: Readonly<Record<SortBy, (a: FleetBreaker, b: FleetBreaker) => number>> = {
  // Those where gateways disagree before others of their state; then errors, in steps that do not change all the time.
  worst: (a, b) =>
    rank(a) - rank(b) ||
    Number(isDisputed(b)) - Number(isDisputed(a)) ||
    Math.ceil(errors(b) / 10) - Math.ceil(errors(a) / 10) ||
    Number(isIdle(a)) - Number(isIdle(b)),
  rate: (a, b) => b.offeredPerSecond - a.offeredPerSecond,
  errors: (a, b) => errors(b) - errors(a),
  p99: (a, b) => (b.p99Ms ?? -1) - (a.p99Ms ?? -1),
  name: byName,
};

/** Keys in the order asked for. */
export function keysInOrder(breakers: readonly FleetBreaker[], by: SortBy, reversed: boolean): readonly string[] {
  const sign = reversed ? -1 : 1;
  return breakers.toSorted((a, b) => sign * COMPARE[by](a, b) || byName(a, b)).map(({ key }) => key);
}

/** What headings there are, by the name in the address. */
export const GROUPS = { none: "No groups", service: "Service", group: "Group", gateway: "Gateway" } as const;
export type GroupBy = keyof typeof GROUPS;

export interface BoardGroup {
  /** Empty when there are no headings. */
  readonly title: string;
  readonly breakers: readonly FleetBreaker[];
}

/** The breakers under their headings, which are by name; within one the order stays. A gateway's have its states only. */
export function grouped(breakers: readonly FleetBreaker[], by: GroupBy): readonly BoardGroup[] {
  if (by === "none") return [{ title: "", breakers }];
  const groups = new Map<string, FleetBreaker[]>();
  const put = (title: string, breaker: FleetBreaker): void => {
    const known = groups.get(title);
    if (known === undefined) groups.set(title, [breaker]);
    else known.push(breaker);
  };
  for (const breaker of breakers) {
    if (by !== "gateway") put(breaker[by], breaker);
    else for (const id of new Set(breaker.gateways.map(({ gatewayId }) => gatewayId))) put(id, atGateway(breaker, id));
  }
  return [...groups].sort(([a], [b]) => NAMES.compare(a, b)).map(([title, own]) => ({ title, breakers: own }));
}

const narrowed = new WeakMap<FleetBreaker, Map<string, FleetBreaker>>();

/** The same object for the same breaker, so that its tile need not be rendered again. */
function atGateway(breaker: FleetBreaker, gatewayId: string): FleetBreaker {
  const known = narrowed.get(breaker) ?? new Map<string, FleetBreaker>();
  narrowed.set(breaker, known);
  const own = known.get(gatewayId) ?? {
    ...breaker,
    gateways: breaker.gateways.filter((placed) => placed.gatewayId === gatewayId),
    transitions: breaker.transitions.filter((transition) => transition.gatewayId === gatewayId),
  };
  known.set(gatewayId, own);
  return own;
}

/** `500 in use · 12 open · 3 half-open · 1 forced by hand · 2 where gateways disagree`. */
export function summary(breakers: readonly FleetBreaker[], isForced: (breaker: FleetBreaker) => boolean): string {
  if (breakers.length === 0) return "None in use";
  const states = breakers.map(worstState);
  const count = (wanted: readonly unknown[]): number => states.filter((state) => wanted.includes(state)).length;
  const parts = [
    [count(["open", "forced-open"]), "open"],
    [count(["half-open"]), "half-open"],
    [breakers.filter(isForced).length, "forced by hand"],
    [breakers.filter(isDisputed).length, "where gateways disagree"],
  ] as const;
  const notable = parts.filter(([number]) => number > 0).map(([number, words]) => `${number.toString()} ${words}`);
  return [`${breakers.length.toString()} in use`, ...(notable.length === 0 ? ["all closed"] : notable)].join(" · ");
}
