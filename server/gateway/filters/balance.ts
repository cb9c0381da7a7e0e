import type { Filter } from "../pipeline.ts";
import { problem } from "../problem.ts";
import { readKey } from "../request-key.ts";

/** Picks the instance for this try, by the service's way of balancing; on a later try another one, while there is one. */
export const balance: Filter = (exchange, next) => {
  const { attempt, target, mesh } = exchange;
  if (attempt === null || target === null) return Promise.resolve(problem("GATEWAY_INTERNAL"));
  const pool = mesh.pools.get(target.pool);
  const by = pool?.hashedBy ?? null;
  const member = pool?.pick(attempt.triedMs, by === null ? null : readKey(exchange, by), attempt.tried) ?? null;
  if (member === null) {
    attempt.unserved();
    const drained = pool?.members.length === 0 && (mesh.instances.get(target.pool)?.length ?? 0) > 0;
    const subset = target.subset === "" ? "" : ` with ${target.subset}`;
    const forced = pool?.forcedOut() === true;
    const why = drained ? ": all its instances are drained" : forced ? ": people took all its instances out" : "";
    return Promise.resolve(problem("NO_HEALTHY_INSTANCE", { detail: `${target.service}${subset}${why}` }));
  }
  exchange.instance = member.instance;
  attempt.use(member);
  return next(exchange);
};
