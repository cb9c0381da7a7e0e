import { backupsIn, type BreakerPolicySpec } from "./breaker-policy.ts";

/**
 * Looks for backups that would call each other in a circle. A backup is called on behalf of the same route, so the
 * policies that count are, for each route, its own ones and the services' for the rest.
 * @returns the services of one circle, the first named again at the end; null when there is none.
 */
export function findFallbackCycle(policies: readonly BreakerPolicySpec[]): readonly string[] | null {
  const services = new Map<string, readonly string[]>();
  const commands = new Map<string, Map<string, readonly string[]>>();
  for (const { target, fallbacks } of policies) {
    const backups = backupsIn(fallbacks);
    if (target.kind === "service") services.set(target.service, backups);
    else commands.set(target.routeId, new Map([...(commands.get(target.routeId) ?? []), [target.service, backups]]));
  }
  for (const own of [new Map<string, readonly string[]>(), ...commands.values()]) {
    const cycle = cycleIn(new Map([...services, ...own]));
    if (cycle !== null) return cycle;
  }
  return null;
}

function cycleIn(backups: ReadonlyMap<string, readonly string[]>): readonly string[] | null {
  const cleared = new Set<string>();
  function walk(service: string, path: readonly string[]): readonly string[] | null {
    const at = path.indexOf(service);
    if (at >= 0) return [...path.slice(at), service];
    if (cleared.has(service)) return null;
    for (const backup of backups.get(service) ?? []) {
      const cycle = walk(backup, [...path, service]);
      if (cycle !== null) return cycle;
    }
    cleared.add(service);
    return null;
  }
  for (const service of backups.keys()) {
    const cycle = walk(service, []);
    if (cycle !== null) return cycle;
  }
  return null;
}
