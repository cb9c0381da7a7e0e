import { describe, expect, it } from "vitest";
import { compileRoutes, decide, explain, recompileRoutes } from "./route-match.ts";
import type { RouteDraft, RouteSpec } from "./route.ts";
import type { Published } from "./snapshot.ts";
import { testRequest as request, testRoute as route, type Asked } from "./test-route.ts";

const winner = (routes: readonly Published<RouteSpec>[], asked: Asked): string | undefined =>
  decide(compileRoutes(routes), request(asked))?.route.id;
const path = (kind: "exact" | "prefix" | "template" | "regex", value: string): Partial<RouteDraft> => ({
  matches: [{ path: { kind, value } }],
});

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

  it("prefers what begins with more, and of equals a template to an expression to a prefix", () => {
    const routes = [
      route("all", path("prefix", "/")),
      route("regex", path("regex", "/orders/.*")),
      route("wide", path("template", "/{kind}/{id}")),
      route("narrow", path("template", "/orders/{id}")),
      route("same", path("prefix", "/orders")),
      route("longer", path("prefix", "/orders/1")),
    ];
    expect(winner(routes, { path: "/orders/1" })).toBe("longer");
    expect(winner(routes, { path: "/orders/2" })).toBe("narrow");
    expect(winner(routes, { path: "/users/2" })).toBe("wide");
    expect(winner(routes, { path: "/orders/2/items" })).toBe("regex");
    expect(winner(routes, { path: "/orders" })).toBe("same");
    expect(winner(routes, { path: "/users" })).toBe("all");
  });

  it("lets age decide between templates and expressions as narrow as each other, wherever they are kept", () => {
    for (const [older, younger] of [
      [path("template", "/{x}/b/{y}"), path("template", "/{x}/{y}/c")],
      [path("template", "/{x}/{y}/c"), path("template", "/{x}/b/{y}")],
      [path("regex", "/[ab]/b/c"), path("regex", "/[ac]/b/c")],
      [path("regex", "/[ac]/b/c"), path("regex", "/[ab]/b/c")],
    ])
      expect(winner([route("younger", younger, 2), route("older", older, 1)], { path: "/a/b/c" })).toBe("older");
  });

  it("counts cookies among headers, and callers last", () => {
    const cookie = { cookies: [{ name: "c", match: { kind: "present" as const } }] };
    const header = { headers: [{ name: "h", match: { kind: "present" as const } }] };
    const routes = [
      route("plain"),
      route("caller", { matches: [{ callers: ["cart"] }] }),
      route("query", { matches: [{ query: [{ name: "q", match: { kind: "present" } }] }] }),
      route("cookie", { matches: [cookie] }),
      route("both", { matches: [{ ...cookie, ...header }] }),
    ];
    const asked = {
      listener: "egress",
      caller: "cart",
      query: { q: "" },
      cookies: { c: "" },
      headers: { h: "" },
    } as const;
    expect(winner(routes, asked)).toBe("both");
    expect(winner(routes, { ...asked, headers: {} })).toBe("cookie");
    expect(winner(routes, { ...asked, cookies: {} })).toBe("query");
    expect(winner(routes, { ...asked, cookies: {}, query: {} })).toBe("caller");
    expect(winner(routes, { ...asked, cookies: {}, query: {}, caller: "shop" })).toBe("plain");
  });

  it("holds at the limits of what a route may say: no rule's figure runs over into the next", () => {
    const label = "x".repeat(62);
    const long = `${label}.${label}.${label}.${label}`;
    const many = Array.from({ length: 16 }, (_, at) => ({ name: `n${at}`, match: { kind: "absent" as const } }));
    const everything = { methods: ["GET" as const], headers: many, query: many, cookies: many, callers: ["outside"] };
    const deep = `/${"y/".repeat(510)}y`;
    const rising: Partial<RouteDraft>[] = [
      { priority: -1000, hosts: [long], matches: [{ path: { kind: "exact", value: deep }, ...everything }] },
      { priority: -999, matches: [{ path: { kind: "regex", value: `${"/y".repeat(250)}.*` }, ...everything }] },
      { priority: -999, matches: [{ path: { kind: "template", value: `${deep.slice(0, -1)}{p}` }, ...everything }] },
      { priority: -999, matches: [{ path: { kind: "prefix", value: deep } }] },
      { priority: -999, hosts: [`*.${long.slice(63)}`], matches: [{ path: { kind: "regex", value: ".*" } }] },
      { priority: -999, hosts: [long], matches: [{ path: { kind: "regex", value: ".*" } }] },
      { priority: 1000 },
    ];
    for (let count = 1; count <= rising.length; count += 1) {
      const routes = rising.slice(0, count).map((draft, at) => route(`r${at}`, draft));
      expect(winner(routes, { host: long, path: deep })).toBe(`r${count - 1}`);
    }
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

describe("templates", () => {
  it("take one whole segment for each parameter, none of them empty", () => {
    const routes = [route("it", path("template", "/orders/{id}/items"))];
    expect(winner(routes, { path: "/orders/12/items" })).toBe("it");
    for (const other of ["/orders//items", "/orders/1/2/items", "/orders/12/items/", "/orders/12", "/orders/12/item"])
      expect(winner(routes, { path: other })).toBeUndefined();
  });

  it("are not what an exact path with braces is", () => {
    expect(winner([route("it", path("exact", "/{id}"))], { path: "/12" })).toBeUndefined();
    expect(winner([route("it", path("exact", "/{id}"))], { path: "/{id}" })).toBe("it");
  });
});

describe("what strangers send", () => {
  it("cannot make a lookup go through a path or host in many ways", () => {
    const deep = Array.from({ length: 12 }, (_, at) => (at % 2 === 0 ? "a" : `{p${at}}`)).join("/");
    const wide = Array.from({ length: 12 }, (_, at) => `{p${at}}`).join("/");
    let looks = 0;
    const conditions = { headers: [{ name: "h", match: { kind: "exact" as const, value: "1" } }] };
    const values = [`/${deep}`, `/${wide}`, "/a/{x}/a/a/a/a/a/a/a/a/a/a"];
    const compiled = compileRoutes([
      route("it", { matches: values.map((value) => ({ path: { kind: "template" as const, value }, ...conditions })) }),
      route("root", { matches: [{ path: { kind: "prefix", value: "/" }, ...conditions }] }),
    ]);
    const counting = { header: () => ((looks += 1), "0") };
    for (const hostile of ["/a".repeat(12), "/a".repeat(4000), "/".repeat(8000), `/${"a".repeat(8000)}`]) {
      looks = 0;
      const asked = { ...request({ path: hostile, host: "a.".repeat(120) }), ...counting };
      expect(decide(compiled, asked)).toBeNull();
      expect(looks).toBeLessThanOrEqual(4);
    }
  });
});

describe("routes compiled from those before", () => {
  it("keep the ways into those that have not changed, and forget what is gone however often that happens", () => {
    const still = route("still", path("prefix", "/still"));
    let compiled = compileRoutes([still]);
    const kept = decide(compiled, request({ path: "/still" }));
    for (let revision = 1; revision <= 2500; revision += 1) {
      const routes: Published<RouteSpec>[] = [still, route("moves", path("prefix", `/moves/${revision}`), revision)];
      compiled = recompileRoutes(compiled, new Map(routes.map((one) => [one.id, one])));
      if (revision % 500 !== 0) continue;
      expect(decide(compiled, request({ path: `/moves/${revision}` }))?.route.id).toBe("moves");
      expect(decide(compiled, request({ path: `/moves/${revision - 1}` }))).toBeNull();
      expect(decide(compiled, request({ path: "/still" }))).toBe(kept);
      expect(compiled.index.settled.firsts.length).toBeLessThan(1100);
    }
  });
});
