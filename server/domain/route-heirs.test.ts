import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { heirsOf } from "./route-heirs.ts";
import { compileRoutes, decide } from "./route-match.ts";
import { SomeDraft, SomeRequest, testRequest, testRoute } from "./test-route.ts";

// One that takes everything is among them every other time: hardly any other covers a route whole.
const Routes = fc
  .tuple(fc.array(SomeDraft, { minLength: 2, maxLength: 8 }), fc.boolean())
  .map(([drafts, withRest]) => [
    ...drafts.map((draft, at) => testRoute(`r${at}`, draft, (at % 3) + 1)),
    ...(withRest ? [testRoute("rest", { priority: -1000 })] : []),
  ]);
const Requests = fc.array(SomeRequest, { minLength: 10, maxLength: 30 });

describe("heirsOf", () => {
  it("names whoever takes a request of a route that is gone, and promises no answer where there is none", () => {
    const seen = { inherited: 0, refused: 0, none: 0, all: 0 };
    fc.assert(
      fc.property(Routes, Requests, (routes, asked) => {
        const before = compileRoutes(routes);
        for (const one of asked) {
          const request = testRequest(one);
          const owner = decide(before, request)?.route;
          if (owner === undefined) continue;
          const heirs = heirsOf(routes, owner.id);
          const next = decide(compileRoutes(routes.filter((route) => route !== owner)), request)?.route;
          const foretold =
            next === undefined
              ? heirs?.taken !== "all"
              : heirs?.taken !== "none" && heirs?.routeIds.includes(next.id) === true;
          expect(foretold, `${owner.id} to ${next?.id ?? "nobody"}`).toBe(true);
          seen[next === undefined ? "refused" : "inherited"] += 1;
          if (heirs !== null && heirs.taken !== "some") seen[heirs.taken] += 1;
        }
      }),
      { numRuns: 150 },
    );
    for (const [kind, count] of Object.entries(seen)) expect(count, kind).toBeGreaterThan(2);
  });

  it("is null for a route that takes nothing: it is off, or there is none of that name", () => {
    const off = testRoute("off", { enabled: false });
    expect(heirsOf([off], "off")).toBeNull();
    expect(heirsOf([off], "nobody")).toBeNull();
  });
});
