import type { Finding } from "./route-finding.ts";
import type { Candidate } from "./route-candidate.ts";
import { candidatesInOrder, compileRoutes } from "./route-match.ts";
import { settingFindings, type KnownServices } from "./route-settings-lint.ts";
import { deadOf, tiesIn, type Dead } from "./route-shadow.ts";
import type { RouteSpec } from "./route.ts";
import { ageOf, type Published } from "./snapshot.ts";

/** Goes through all routes as they would be published together. `known` is null while nobody knows which services there are. */
export function lintRoutes(routes: Iterable<Published<RouteSpec>>, known: KnownServices | null): Finding[] {
  const compiled = compileRoutes(routes);
  const inOrder = candidatesInOrder(compiled);
  const dead = deadOf(inOrder);
  const isDead = new Set(dead.map(({ candidate }) => candidate));
  const alive = inOrder.filter((candidate) => candidate.listeners !== 0 && !isDead.has(candidate));
  return [
    ...deadFindings(dead),
    ...tieFindings(alive),
    ...[...compiled.routes.values()].flatMap((route) => settingFindings(route, known)),
  ];
}

/** One for a match that is dead on all of its route's hosts; else one for each host. */
function deadFindings(dead: readonly Dead[]): Finding[] {
  const byMatch = new Map<string, Dead[]>();
  for (const one of dead) {
    const key = `${one.candidate.route.id} ${matchAt(one.candidate)}`;
    byMatch.set(key, [...(byMatch.get(key) ?? []), one]);
  }
  return [...byMatch.values()].flatMap((ofMatch) => {
    const hosts = Math.max(1, ofMatch[0]?.candidate.route.spec.hosts.length ?? 1);
    return ofMatch.length === hosts
      ? ofMatch.slice(0, 1).map((one) => deadFinding(one, ""))
      : ofMatch.map((one) => deadFinding(one, ` on ${one.candidate.host}`));
  });
}

function deadFinding({ candidate, contradiction, by }: Dead, where: string): Finding {
  const finding = { routeId: candidate.route.id, severity: "error", field: `matches.${matchAt(candidate)}` } as const;
  const what = `${asText(candidate)} never takes a request${where}`;
  if (by === null)
    return {
      ...finding,
      code: "contradiction",
      message: `${what}: ${contradiction ?? ""}. Change the match or take it out.`,
    };
  return {
    ...finding,
    code: "never-wins",
    message: `${what}: ${by.route.id} (${asText(by)}) takes them all before. Make this match narrower, raise the route's priority, or take the match out.`,
    otherRouteId: by.route.id,
  };
}

function tieFindings(alive: readonly Candidate[]): Finding[] {
  return tiesIn(alive).map(({ first, second }) => ({
    routeId: second.route.id,
    severity: "warning",
    code: "tie",
    message: `${asText(second)} is as narrow as ${asText(first)} of ${first.route.id}, and some requests fit both: those go to ${first.route.id}, only because it ${ageOf(first.route) === ageOf(second.route) ? "comes first by name" : "is older"}. Give one of the routes a priority.`,
    field: `matches.${matchAt(second)}`,
    otherRouteId: first.route.id,
  }));
}

function matchAt({ route, match }: Candidate): number {
  return route.spec.matches.indexOf(match);
}

function asText({ match }: Candidate): string {
  const methods = match.methods.length === 0 ? "" : `${match.methods.join("/")} `;
  return `${methods}${match.path.kind} ${match.path.value}`;
}
