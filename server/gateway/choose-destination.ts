import { stableHash } from "#domain/stable-hash.ts";
import { stickyChoice } from "#domain/sticky-choice.ts";
import type { Exchange } from "./exchange.ts";
import type { MeshRoute, Target } from "./mesh.ts";
import { readKey } from "./request-key.ts";

/**
 * Where a request of the route goes: by its key on a sticky route, else (and without the key) whose turn it is. Null
 * when every destination has weight 0.
 */
export function chooseDestination(exchange: Exchange, { spec, destinations, balancer }: MeshRoute): Target | null {
  const key = spec.sticky === null ? null : readKey(exchange, spec.sticky);
  const index = key === null ? balancer.pick() : stickyChoice(destinations, stableHash(key));
  return destinations[index]?.target ?? null;
}
