import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileRoutes, decide, explain, type MatchRequest } from "./route-match.ts";
import { RouteSpec, type RouteDraft } from "./route.ts";
import type { Published } from "./snapshot.ts";

type Draft = Omit<RouteDraft, "destinations" | "matches"> & { matches?: RouteDraft["matches"] };

type MatchDraft = Required<RouteDraft["matches"][number]>;

function route(id: string, draft: Draft = {}, revision = 1): Published<RouteSpec> {
  return {
    id,
    revision,
    spec: RouteSpec.parse({ matches: [{}], ...draft, destinations: [{ service: "any", weight: 1 }] }),
  };
}

interface Asked {
  readonly listener?: "edge" | "egress";
  readonly host?: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly query?: Record<string, string>;
  readonly cookies?: Record<string, string>;
  readonly caller?: string;
}

function request(asked: Asked): MatchRequest {
  return {
    listener: asked.listener ?? "edge",
    host: asked.host ?? "shop.example.com",
    method: asked.method ?? "GET",
    path: asked.path ?? "/",
    header: (name) => asked.headers?.[name],
    query: (name) => asked.query?.[name],
    cookie: (name) => asked.cookies?.[name],
    caller: asked.caller ?? "outside",
  };
}

const winner = (routes: readonly Published<RouteSpec>[], asked: Asked): string | undefined =>
  decide(compileRoutes(routes), request(asked))?.route.id;
const path = (kind: "exact" | "prefix", value: string): Draft => ({ matches: [{ path: { kind, value } }] });

describe("precedence", () => {
  it("prefers an exact host to the longest wildcard to any host", () => {
    const routes = [
      route("any"),
      route("short", { hosts: ["*.com"] }),
      route("long", { hosts: ["*.example.com"] }),
      route("exact", { hosts: ["shop.example.com"] }),
    ];
    expect(winner(routes, { host: "shop.example.com" })).toBe("exact");
    expect(winner(routes, { host: "a.b.example.com" })).toBe("long");
    expect(winner(routes, { host: "example.com" })).toBe("short");
    expect(winner(routes, { host: "localhost" })).toBe("any");
  });

  it("prefers an exact path to the longest prefix, and takes prefixes by whole segments", () => {
    const routes = [
      route("root"),
      route("a", path("prefix", "/a")),
      route("ab", path("prefix", "/a/b/")),
      route("exact", path("exact", "/a/b")),
    ];
    expect(winner(routes, { path: "/a/b" })).toBe("exact");
    expect(winner(routes, { path: "/a/b/c" })).toBe("ab");
    expect(winner(routes, { path: "/a/b/" })).toBe("ab");
    expect(winner(routes, { path: "/a" })).toBe("a");
    expect(winner(routes, { path: "/ab" })).toBe("root");
  });

  it("goes on to method, number of headers, number of parameters, age and name", () => {
    const routes = [
      route("b-plain", {}, 2),
      route("a-younger", {}, 3),
      route("a-plain", {}, 2),
      route("query", { matches: [{ query: [{ name: "q", match: { kind: "present" } }] }] }),
      route("header", { matches: [{ headers: [{ name: "X-Beta", match: { kind: "exact", value: "1" } }] }] }),
      route("method", { matches: [{ methods: ["GET"] }] }),
    ];
    const everything = { headers: { "x-beta": "1" }, query: { q: "" } };
    expect(winner(routes, everything)).toBe("method");
    expect(winner(routes, { ...everything, method: "POST" })).toBe("header");
    expect(winner(routes, { method: "POST", query: { q: "" } })).toBe("query");
    expect(winner(routes, { method: "POST" })).toBe("a-plain");
  });

  it("lets an explicit priority beat all of that", () => {
    const routes = [
      route("exact", { hosts: ["shop.example.com"], ...path("exact", "/x") }),
      route("first", { priority: 1 }),
    ];
    expect(winner(routes, { path: "/x" })).toBe("first");
  });
});

describe("conditions", () => {
  it("all of one match must hold; any of several is enough", () => {
    const routes = [
      route("either", {
        matches: [
          { path: { kind: "prefix", value: "/a" }, headers: [{ name: "x-k", match: { kind: "prefix", value: "v" } }] },
          { path: { kind: "prefix", value: "/b" }, query: [{ name: "no", match: { kind: "absent" } }] },
        ],
      }),
    ];
    expect(winner(routes, { path: "/a", headers: { "x-k": "v2" } })).toBe("either");
    expect(winner(routes, { path: "/a", headers: { "x-k": "w" } })).toBeUndefined();
    expect(winner(routes, { path: "/b" })).toBe("either");
    expect(winner(routes, { path: "/b", query: { no: "" } })).toBeUndefined();
  });

  it("takes no disabled route, nor one that is not offered on the listener", () => {
    const routes = [route("off", { enabled: false }), route("inside", { listeners: ["egress"] })];
    expect(winner(routes, {})).toBeUndefined();
    expect(winner(routes, { listener: "egress" })).toBe("inside");
  });
});

describe("explain", () => {
  it("gives each loser its reason, in order of precedence", () => {
    const compiled = compileRoutes([
      route("host", { hosts: ["other.com"] }),
      route("method", { matches: [{ methods: ["POST"] }] }),
      route("wins", path("prefix", "/a")),
      route("general"),
      route("off", { enabled: false }),
    ]);
    const reasons = explain(compiled, request({ path: "/a/b" })).map(({ routeId, lost }) => [
      routeId,
      lost?.reason ?? "won",
    ]);
    expect(Object.fromEntries(reasons)).toEqual({
      host: "host",
      method: "method",
      wins: "won",
      general: "outranked",
      off: "disabled",
    });
    expect(reasons[0]).toEqual(["host", "host"]);
  });
});

describe("decide and explain", () => {
  const Host = fc.constantFrom("a.com", "b.a.com", "*.a.com", "*.com", "c.b.a.com", "*.b.a.com");
  const Path = fc.constantFrom("/", "/a", "/a/", "/a/b", "/a/b/c", "/b", "/ab");
  const Match = fc.record({
    path: fc.record({ kind: fc.constantFrom<"exact" | "prefix">("exact", "prefix"), value: Path }),
    methods: fc.constantFrom<("GET" | "POST")[]>([], ["GET"], ["GET", "POST"]),
    headers: fc.constantFrom<MatchDraft["headers"]>(
      [],
      [{ name: "h", match: { kind: "present" } }],
      [{ name: "h", match: { kind: "exact", value: "1" } }],
    ),
    query: fc.constantFrom<MatchDraft["query"]>([], [{ name: "q", match: { kind: "absent" } }]),
  });
  const Route = fc.record({
    hosts: fc.uniqueArray(Host, { maxLength: 2 }),
    priority: fc.constantFrom(0, 0, 0, 5),
    enabled: fc.constantFrom(true, true, false),
    listeners: fc.constantFrom<("edge" | "egress")[]>(["edge"], ["edge", "egress"]),
    matches: fc.array(Match, { minLength: 1, maxLength: 3 }),
  });
  const Request = fc.record({
    listener: fc.constantFrom<"edge" | "egress">("edge", "egress"),
    host: fc.constantFrom("a.com", "b.a.com", "c.b.a.com", "x.b.a.com", "com", "other.org", ""),
    method: fc.constantFrom("GET", "POST", "PUT"),
    path: fc.constantFrom("/", "/a", "/a/", "/a/b", "/a/b/c/d", "/b", "/ab", "/zzz"),
    headers: fc.constantFrom<Record<string, string>>({}, { h: "1" }, { h: "2" }),
    query: fc.constantFrom<Record<string, string>>({}, { q: "x" }),
  });

  it("always name the same winner, for any routes and any request", () => {
    fc.assert(
      fc.property(fc.array(Route, { maxLength: 12 }), Request, (drafts, asked) => {
        const compiled = compileRoutes(drafts.map((draft, index) => route(`r${index}`, draft, (index % 3) + 1)));
        const won = explain(compiled, request(asked)).filter((candidate) => candidate.lost === null);
        expect(won.length).toBeLessThanOrEqual(1);
        expect(decide(compiled, request(asked))?.route.id).toBe(won[0]?.routeId);
      }),
      { numRuns: 3000 },
    );
  });

  it("decides the same whatever order the routes came in", () => {
    fc.assert(
      fc.property(fc.array(Route, { maxLength: 8 }), Request, (drafts, asked) => {
        const routes = drafts.map((draft, index) => route(`r${index}`, draft));
        expect(winner(routes.toReversed(), asked)).toBe(winner(routes, asked));
      }),
    );
  });
});
