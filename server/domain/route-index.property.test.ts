import fc from "fast-check";
import { expect, it } from "vitest";
import { PersistentMap } from "./persistent-map.ts";
import { compileRoutes, decide, recompileRoutes } from "./route-match.ts";
import type { RouteSpec } from "./route.ts";
import type { Published } from "./snapshot.ts";
import { testRequest, testRoute } from "./test-route.ts";

const PATHS = ["/", "/a", "/b", "/a/b"];
const simple = (id: string, path: string, revision: number): Published<RouteSpec> =>
  testRoute(id, { matches: [{ path: { kind: "prefix", value: path } }] }, revision);

/** Of few routes among many: so that a change often meets one that was made since the large trie was. */
const Edit = fc.record({
  id: fc.constantFrom("r0", "r1", "r2"),
  to: fc.oneof(
    fc.constantFrom(...PATHS).map((path) => ({ kind: "set" as const, path })),
    fc.constant({ kind: "remove" as const }),
    // The very object that was there before: what was taken out comes back.
    fc.nat({ max: 5 }).map((steps) => ({ kind: "back" as const, steps })),
  ),
});

it("after any few changes to many routes, one by one, the index decides like one made from nothing", () => {
  const others = Array.from({ length: 17 }, (_, at) => simple(`s${at}`, `/s${at}`, 1));
  const requests = [...PATHS, "/s7", "/a/b/c"].map((path) => testRequest({ path }));
  fc.assert(
    fc.property(fc.array(Edit, { minLength: 1, maxLength: 30, size: "max" }), (edits) => {
      const first = ["r0", "r1", "r2"].map((id, at) => simple(id, PATHS[at] ?? "/", 1));
      let routes = PersistentMap.from([...others, ...first].map((route) => [route.id, route] as const));
      let compiled = compileRoutes(routes.values());
      const versions = [routes];
      for (const [step, { id, to }] of edits.entries()) {
        const earlier = to.kind === "back" ? versions.at(-1 - to.steps)?.get(id) : undefined;
        const route = to.kind === "set" ? simple(id, to.path, step + 2) : earlier;
        routes = routes.changed(route === undefined ? { removed: [id] } : { set: [[id, route]] });
        versions.push(routes);
        const before = { compiled, winners: requests.map((request) => decide(compiled, request)) };
        compiled = recompileRoutes(compiled, routes);
        const anew = compileRoutes(routes.values());
        for (const request of requests) expect(decide(compiled, request)).toBe(decide(anew, request));
        expect(requests.map((request) => decide(before.compiled, request))).toEqual(before.winners);
      }
    }),
  );
});
