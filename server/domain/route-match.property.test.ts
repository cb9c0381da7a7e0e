import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MatchRequest } from "./route-candidate.ts";
import { compileRoutes, decide, explain, recompileRoutes } from "./route-match.ts";
import type { RouteMatch, ValueMatch } from "./route-conditions.ts";
import type { RouteSpec } from "./route.ts";
import { ageOf, type Published } from "./snapshot.ts";
import { SomeDraft, SomeRequest, testRequest, testRoute } from "./test-route.ts";

type Route = Published<RouteSpec>;

/** Of some, nobody recorded when they were made. */
const Routes = fc
  .array(fc.record({ draft: SomeDraft, created: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }) }), {
    maxLength: 12,
  })
  .map((made) =>
    made.map(({ draft, created }, at) => testRoute(`r${at}`, draft, 3 - (at % 3) + (created ?? 0), created)),
  );

const byId = (routes: readonly Route[]): ReadonlyMap<string, Route> =>
  new Map(routes.map((route) => [route.id, route]));

/** The rules once more, as slowly and plainly as they can be put. */
function expected(routes: readonly Route[], request: MatchRequest): string | undefined {
  const ways = routes
    .filter(({ spec }) => spec.enabled && spec.listeners.includes(request.listener))
    .flatMap((route) => (route.spec.hosts.length === 0 ? [""] : route.spec.hosts).map((host) => ({ route, host })))
    .flatMap((way) => way.route.spec.matches.map((match, at) => ({ ...way, match, at })))
    .filter(({ host, match }) => hostFits(host, request.host) && pathFits(match, request.path))
    .filter(({ match }) => match.methods.length === 0 || match.methods.some((method) => method === request.method))
    .filter(({ match }) => match.headers.every(({ name, match: wanted }) => fits(wanted, request.header(name))))
    .filter(({ match }) => match.query.every(({ name, match: wanted }) => fits(wanted, request.query(name))))
    .filter(({ match }) => match.cookies.every(({ name, match: wanted }) => fits(wanted, request.cookie(name))))
    .filter(({ match }) => match.callers.length === 0 || match.callers.includes(request.caller))
    .map(({ route, host, match }) => ({ route, rank: rankOf(route, host, match) }));
  return ways.sort((a, b) => compareRanks(a.rank, b.rank)).at(0)?.route.id;
}

function hostFits(pattern: string, host: string): boolean {
  if (pattern.startsWith("*.")) return new RegExp(`^.+${pattern.slice(1).replaceAll(".", "\\.")}$`).test(host);
  return pattern === "" || pattern === host;
}

function pathFits({ path: { kind, value } }: RouteMatch, path: string): boolean {
  const segments = path.split("/");
  const wanted = value.split("/");
  if (kind === "exact") return path === value;
  if (kind === "regex") return new RegExp(`^(?:${value})$`).test(path);
  if (kind === "template")
    return (
      wanted.length === segments.length &&
      wanted.every((segment, at) => (segment.startsWith("{") ? segments[at] !== "" : segments[at] === segment))
    );
  while (wanted.at(-1) === "") wanted.pop();
  return path.startsWith("/") && wanted.every((segment, at) => segments[at] === segment);
}

function fits(match: ValueMatch, value: string | undefined): boolean {
  if (match.kind === "absent") return value === undefined;
  if (value === undefined) return false;
  if (match.kind === "present") return true;
  if (match.kind === "regex") return new RegExp(`^(?:${match.value})$`).test(value);
  return match.kind === "exact" ? value === match.value : value.startsWith(match.value);
}

/** Compared from left to right; less comes first. */
/** What is fixed at the beginning of a path, in whole segments: said again here, by other means. */
function beginningOf(kind: RouteMatch["path"]["kind"], value: string): string {
  if (kind === "template") return value.slice(0, value.indexOf("/{"));
  if (kind === "regex") return /^((?:\/[a-z]+)*)\//.exec(value)?.[1] ?? "";
  return value.replace(/\/+$/, "");
}

function rankOf({ id, revision, created, spec }: Route, host: string, match: RouteMatch): (number | string)[] {
  const { kind, value } = match.path;
  const literals = value.split("/").filter((segment) => !segment.startsWith("{")).length;
  return [
    -spec.priority,
    host === "" ? 2 : host.startsWith("*") ? 1 : 0,
    -host.length,
    kind === "exact" ? 0 : 1,
    -beginningOf(kind, value).length,
    ["template", "regex", "prefix"].indexOf(kind),
    kind === "template" ? -literals : kind === "regex" ? -value.length : 0,
    match.methods.length > 0 ? 0 : 1,
    -match.headers.length - match.cookies.length,
    -match.query.length,
    match.callers.length > 0 ? 0 : 1,
    created ?? revision,
    id,
  ];
}

function compareRanks(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  const at = a.findIndex((part, index) => part !== b[index]);
  const [one, other] = [a[at] ?? 0, b[at] ?? 0];
  return one < other ? -1 : one > other ? 1 : 0;
}

describe("for any routes and any request", () => {
  it("the decision is that of the rules, put plainly", () => {
    fc.assert(
      fc.property(Routes, SomeRequest, (routes, asked) => {
        const request = testRequest(asked);
        expect(decide(compileRoutes(routes), request)?.route.id).toBe(expected(routes, request));
      }),
      { numRuns: 1000 },
    );
  });

  it("the explanation names the same winner, and gives every other candidate a reason", () => {
    fc.assert(
      fc.property(Routes, SomeRequest, (routes, asked) => {
        const compiled = compileRoutes(routes);
        const explained = explain(compiled, testRequest(asked));
        const won = explained.filter(({ lost }) => lost === null);
        const decided = decide(compiled, testRequest(asked));
        expect(won.map(({ routeId, match }) => [routeId, match])).toEqual(
          decided === null ? [] : [[decided.route.id, decided.match]],
        );
        expect(explained).toHaveLength(
          routes.reduce((sum, { spec }) => sum + Math.max(1, spec.hosts.length) * spec.matches.length, 0),
        );
      }),
      { numRuns: 500 },
    );
  });

  it("an edit that changes no condition changes no decision", () => {
    fc.assert(
      fc.property(Routes, SomeRequest, fc.nat(), (routes, asked, turn) => {
        const edited = routes.map((route, at) =>
          (at + turn) % 3 === 0 ? { ...route, revision: 100 - at, created: ageOf(route) } : route,
        );
        const request = testRequest(asked);
        const winner = decide(compileRoutes(routes), request)?.route.id;
        expect(decide(compileRoutes(edited), request)?.route.id).toBe(winner);
        expect(decide(recompileRoutes(compileRoutes(routes), byId(edited)), request)?.route.id).toBe(winner);
      }),
      { numRuns: 500 },
    );
  });

  it("the order they come in makes no difference", () => {
    fc.assert(
      fc.property(Routes, SomeRequest, (routes, asked) => {
        const request = testRequest(asked);
        expect(decide(compileRoutes(routes.toReversed()), request)).toBe(decide(compileRoutes(routes), request));
      }),
    );
  });
});

describe("routes compiled from those before", () => {
  const Change = fc.record({ at: fc.nat({ max: 9 }), draft: fc.option(SomeDraft) });

  it("decide like those compiled from nothing, and leave the ones before as they were", () => {
    fc.assert(
      fc.property(
        Routes,
        fc.array(Change, { maxLength: 12 }),
        fc.array(SomeRequest, { minLength: 4 }),
        (first, changes, asked) => {
          const requests = asked.map(testRequest);
          let routes: ReadonlyMap<string, Route> = new Map(first.map((route) => [route.id, route]));
          let compiled = compileRoutes(first);
          for (const [step, { at, draft }] of changes.entries()) {
            const before = { compiled, winners: requests.map((request) => decide(compiled, request)) };
            const next = new Map(routes);
            if (draft === null) next.delete(`r${at}`);
            else next.set(`r${at}`, testRoute(`r${at}`, draft, step + 5));
            routes = next;
            compiled = recompileRoutes(compiled, routes);
            const anew = compileRoutes(routes.values());
            for (const request of requests) expect(decide(compiled, request)).toBe(decide(anew, request));
            expect(requests.map((request) => decide(before.compiled, request))).toEqual(before.winners);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it("may come in another order, all new, or not at all", () => {
    fc.assert(
      fc.property(Routes, Routes, fc.nat(), SomeRequest, (before, after, turn, asked) => {
        const kept = before.filter((_, at) => (at + turn) % 3 !== 0);
        const mixed = [...after.slice(turn % 4), ...kept.toReversed()];
        const routes = new Map(mixed.map((route) => [route.id, route]));
        const request = testRequest(asked);
        expect(decide(recompileRoutes(compileRoutes(before), routes), request)).toBe(
          decide(compileRoutes(routes.values()), request),
        );
      }),
      { numRuns: 500 },
    );
  });
});
