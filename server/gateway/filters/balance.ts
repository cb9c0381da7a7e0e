import { isCallable } from "#domain/instance.ts";
import type { Mesh, Target } from "../mesh.ts";
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
    const subset = target.subset === "" ? "" : ` with ${target.subset}`;
    const detail = `${target.service}${subset}${reason(mesh, target)}`;
    return Promise.resolve(problem("NO_HEALTHY_INSTANCE", { detail }));
  }
  exchange.instance = member.instance;
  attempt.use(member);
  return next(exchange);
};

/** Why nobody may be picked, where that is known; with a colon before it. */
function reason({ pools, instances, registry }: Mesh, { pool: key, service }: Target): string {
  const pool = pools.get(key);
  if (pool?.members.length === 0 && (instances.get(key)?.length ?? 0) > 0) return ": all its instances are drained";
  if (pool?.forcedOut() === true) return ": people took all its instances out";
  const registered = registry.services.find(({ name }) => name === service)?.instances ?? [];
  const speaksHttp = registered.length === 0 || registered.some(isCallable);
  return speaksHttp ? "" : ": none of its instances speaks HTTP";
}
