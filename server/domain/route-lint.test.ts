import { describe, expect, it } from "vitest";
import { lintRoutes } from "./route-lint.ts";
import type { RouteDraft } from "./route.ts";
import { testRoute } from "./test-route.ts";

const path = (kind: "exact" | "prefix" | "template" | "regex", value: string): RouteDraft["matches"][number] => ({
  path: { kind, value },
});
/** Nothing to be said of it by itself. */
const route = (id: string, draft: Partial<RouteDraft> = {}, revision = 1) =>
  testRoute(id, { listeners: ["egress"], ...draft }, revision);
const codesOf = (draft: Partial<RouteDraft>): string[] =>
  lintRoutes([route("it", draft)], null).map(({ code }) => code);

describe("a match that never wins", () => {
  const dead = (...routes: ReturnType<typeof route>[]): string[] =>
    lintRoutes(routes, null)
      .filter(({ code }) => code === "never-wins")
      .map(({ routeId, otherRouteId, field }) => `${routeId} ${field} by ${otherRouteId}`);

  it.each<[string, Partial<RouteDraft>, Partial<RouteDraft>]>([
    ["below a prefix with priority", { priority: 1 }, { matches: [path("exact", "/a")] }],
    [
      "a template's path below it",
      { priority: 1, matches: [path("prefix", "/a")] },
      { matches: [path("template", "/a/{id}")] },
    ],
    [
      "a narrower template",
      { priority: 1, matches: [path("template", "/{x}/{y}")] },
      { matches: [path("template", "/a/{id}")] },
    ],
    [
      "a path that an expression takes",
      { priority: 1, matches: [path("regex", "/a/[0-9]+")] },
      { matches: [path("exact", "/a/12")] },
    ],
    [
      "an expression below a prefix with priority",
      { priority: 1, matches: [path("prefix", "/a")] },
      { matches: [path("regex", "/a/b/[0-9]+")] },
    ],
    [
      "on a narrower host",
      { priority: 1, hosts: ["*.example.com"] },
      { hosts: ["*.shop.example.com", "a.example.com"] },
    ],
    [
      "with more conditions",
      { priority: 1, matches: [{ headers: [{ name: "v", match: { kind: "prefix", value: "1" } }] }] },
      {
        matches: [
          { headers: [{ name: "v", match: { kind: "exact", value: "12" } }], methods: ["GET"], callers: ["cart"] },
        ],
      },
    ],
    ["the same as an older one", {}, {}],
  ])("%s", (_what, first, second) => {
    expect(dead(route("a", first), route("b", second, 2))).toEqual(["b matches.0 by a"]);
  });

  it.each<[string, Partial<RouteDraft>, Partial<RouteDraft>]>([
    [
      "a prefix of text is not a prefix of segments",
      { priority: 1, matches: [path("prefix", "/a")] },
      { matches: [path("exact", "/ab")] },
    ],
    ["the first is switched off", { priority: 1, enabled: false }, {}],
    ["the first asks for more", { priority: 1, matches: [{ methods: ["GET"] }] }, {}],
    ["it is offered on more listeners", { priority: 1 }, { listeners: ["edge", "egress"], hosts: ["a.com"] }],
    ["the wildcard does not take the name itself", { priority: 1, hosts: ["*.a.com"] }, { hosts: ["a.com"] }],
    [
      "its value may begin otherwise",
      { priority: 1, matches: [{ query: [{ name: "v", match: { kind: "prefix", value: "12" } }] }] },
      { matches: [{ query: [{ name: "v", match: { kind: "prefix", value: "1" } }] }] },
    ],
    ["others call too", { priority: 1, matches: [{ callers: ["cart"] }] }, {}],
    [
      "others of the callers call",
      { priority: 1, matches: [{ callers: ["cart"] }] },
      { matches: [{ callers: ["cart", "shop"] }] },
    ],
    [
      "a cookie need not be there",
      { priority: 1, matches: [{ cookies: [{ name: "c", match: { kind: "present" } }] }] },
      {},
    ],
    [
      "two expressions, of which nobody knows",
      { priority: 1, matches: [path("regex", "/a.*")] },
      { matches: [path("regex", "/ab.*")] },
    ],
  ])("not when %s", (_what, first, second) => {
    expect(dead(route("a", first), route("b", second, 2))).toEqual([]);
  });

  it("is found when two others take it together, each on one listener", () => {
    const outside = route("outside", { priority: 1, listeners: ["edge"], hosts: ["a.com"] });
    const inside = route("inside", { priority: 2 });
    const both = route("both", { listeners: ["edge", "egress"], hosts: ["a.com"], matches: [path("exact", "/a")] });
    expect(dead(outside, both)).toEqual([]);
    expect(dead(outside, inside, both)).toEqual(["both matches.0 by outside"]);
    expect(dead(outside, inside, route("within", { hosts: ["a.com"] }))).toEqual(["within matches.0 by inside"]);
  });

  it("says on which host, when it wins on others", () => {
    const findings = lintRoutes(
      [route("a", { priority: 1, hosts: ["a.com"] }), route("b", { hosts: ["a.com", "b.com"] })],
      null,
    );
    expect(findings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^prefix \/ never takes a request on a\.com: a \(prefix \/\) takes them all before\. Make/),
    ]);
  });

  it("is told of with what to do", () => {
    const [finding] = lintRoutes([route("a", {}), route("b", {}, 2)], null);
    expect(finding).toMatchObject({ routeId: "b", severity: "error", otherRouteId: "a" });
    expect(finding?.message).toMatch(/take the match out\.$/);
  });
});

describe("a match that no request can meet", () => {
  it.each<[string, Partial<RouteDraft>]>([
    [
      "a header with two values",
      {
        matches: [
          {
            headers: [
              { name: "h", match: { kind: "exact", value: "1" } },
              { name: "h", match: { kind: "exact", value: "2" } },
            ],
          },
        ],
      },
    ],
    [
      "a parameter that is there and not",
      {
        matches: [
          {
            query: [
              { name: "q", match: { kind: "absent" } },
              { name: "q", match: { kind: "present" } },
            ],
          },
        ],
      },
    ],
    ["an expression that no path starts like", { matches: [path("regex", "orders/.*")] }],
    ["services' calls at the edge", { listeners: ["edge"], hosts: ["a.com"], matches: [{ callers: ["cart"] }] }],
  ])("%s", (_what, draft) => {
    expect(codesOf(draft)).toEqual(["contradiction"]);
  });
});

describe("a tie", () => {
  const ties = (first: Partial<RouteDraft>, second: Partial<RouteDraft>): string[] =>
    lintRoutes([route("a", first), route("b", second, 2)], null)
      .filter(({ code }) => code === "tie")
      .map(({ routeId, otherRouteId }) => `${routeId} with ${otherRouteId}`);

  it("is between routes as narrow as each other that some request fits", () => {
    const header = (name: string): Partial<RouteDraft> => ({
      matches: [{ headers: [{ name, match: { kind: "present" } }] }],
    });
    expect(ties(header("x"), header("y"))).toEqual(["b with a"]);
    expect(ties({ matches: [path("template", "/{x}/a/{y}")] }, { matches: [path("template", "/{x}/{y}/b")] })).toEqual([
      "b with a",
    ]);
  });

  it("is none where no request fits both, or a priority decides", () => {
    const version = (value: string): Partial<RouteDraft> => ({
      matches: [{ headers: [{ name: "v", match: { kind: "exact", value } }] }],
    });
    expect(ties(version("1"), version("2"))).toEqual([]);
    expect(ties({ matches: [path("template", "/a/{x}")] }, { matches: [path("template", "/b/{x}")] })).toEqual([]);
    expect(ties({ ...version("1"), priority: 1 }, version("1"))).toEqual([]);
    expect(ties({ hosts: ["a.com"] }, { hosts: ["b.com"] })).toEqual([]);
  });
});

describe("settings", () => {
  it("of an ordinary route are not remarked on", () => {
    expect(codesOf({})).toEqual([]);
    expect(codesOf({ listeners: ["edge"], hosts: ["shop.example.com"] })).toEqual([]);
  });

  it.each<[string, Partial<RouteDraft>]>([
    ["disabled", { enabled: false, pathOptIns: ["semicolon"] }],
    [
      "idle-destination",
      {
        destinations: [
          { service: "a", weight: 1 },
          { service: "b", weight: 0 },
        ],
      },
    ],
    ["catches-everything", { listeners: ["edge"] }],
    ["faults", { faults: { delay: { ms: 100, percent: 1 } } }],
    ["mirrors-everything", { mirror: { service: "copy" } }],
    ["any-origin", { cors: { origins: ["*"] } }],
    ["retries-any-method", { retry: { anyMethod: true, on: ["reset"] } }],
    ["try-outlasts-request", { timeoutMs: 500, retry: { perTryTimeoutMs: 1000 } }],
    ["ambiguous-paths", { pathOptIns: ["encoded-slash"] }],
    ["body-limit-without-body", { webSocket: true, maxBodyBytes: 1 }],
  ])("%s", (code, draft) => {
    expect(codesOf(draft)).toEqual([code]);
  });

  it.each<[string, Partial<RouteDraft>]>([
    ["an answer for what fits nothing else", { listeners: ["edge"], answer: { kind: "fixed", status: 404 } }],
    ["a retry of connections that never came about", { retry: { anyMethod: true, on: ["connect-failure"] } }],
    ["a sample that is copied", { mirror: { service: "copy", percent: 5 } }],
    ["faults without any", { faults: {} }],
  ])("%s is fine", (_what, draft) => {
    expect(codesOf(draft)).toEqual([]);
  });

  it("name services that are not registered, once it is known which are", () => {
    const routes = [
      route("it", {
        destinations: [
          { service: "here", weight: 1 },
          { service: "gone", weight: 1 },
        ],
        mirror: { service: "copy", percent: 1 },
      }),
    ];
    expect(lintRoutes(routes, null)).toEqual([]);
    expect(lintRoutes(routes, { services: new Set(["here"]) }).map(({ code, field }) => [code, field])).toEqual([
      ["unknown-service", "destinations.1.service"],
      ["unknown-service", "mirror.service"],
    ]);
  });
});
