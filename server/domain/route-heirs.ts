import type { Candidate } from "./route-candidate.ts";
import { covers, mayMeet } from "./route-cover.ts";
import { candidatesInOrder, compileRoutes } from "./route-match.ts";
import type { RouteSpec } from "./route.ts";
import type { Published } from "./snapshot.ts";

/** What becomes of a route's requests without it. */
export interface RouteHeirs {
  /** Routes that take some of them then, first in precedence first. */
  readonly routeIds: readonly string[];
  /**
   * `none`: nobody takes any, all are refused with 404. `some`: it cannot be ruled out that some are refused.
   * `all`: none is refused.
   */
  readonly taken: "none" | "some" | "all";
}

/**
 * Which routes take over when one is removed or switched off, of all as they are saved. A route may be named that in fact
 * gets nothing; none is left out that gets something.
 * @returns null when the route takes no request as it is: it is off, or not among them.
 */
export function heirsOf(routes: Iterable<Published<RouteSpec>>, id: string): RouteHeirs | null {
  const inOrder = candidatesInOrder(compileRoutes(routes)).filter(({ listeners }) => listeners !== 0);
  const own = inOrder.filter(({ route }) => route.id === id);
  if (own.length === 0) return null;
  const others = inOrder.filter(({ route }) => route.id !== id);
  const heirs = others.filter((other) => own.some((one) => mayMeet(one, other)));
  const isTaken = (one: Candidate): boolean => {
    let open = one.listeners;
    for (const heir of heirs) if (covers(heir, one)) open &= ~heir.listeners;
    return open === 0;
  };
  return {
    routeIds: [...new Set(heirs.map(({ route }) => route.id))],
    taken: heirs.length === 0 ? "none" : own.every(isTaken) ? "all" : "some",
  };
}
