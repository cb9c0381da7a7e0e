import { describe, expect, it } from "vitest";
import { compileRoutes, decide } from "./route-match.ts";
import { PathMatch } from "./route-conditions.ts";
import { RouteSpec } from "./route.ts";

const valueOf = (value: string, kind: PathMatch["kind"] = "prefix") => PathMatch.parse({ kind, value }).value;

describe("the path of a route", () => {
  it.each(["/", "/a/", "/a", "/caf%C3%A9", "/a~b"])("%s is kept as it is", (value) => {
    expect(valueOf(value)).toBe(value);
    expect(valueOf(value, "exact")).toBe(value);
  });

  it.each([
    ["/%7eann", "/~ann"],
    ["/caf%c3%a9", "/caf%C3%A9"],
  ])("%s becomes %s, the form of it that requests are matched by", (written, canonical) => {
    const spec = RouteSpec.parse({
      matches: [{ path: { kind: "exact", value: written } }],
      destinations: [{ service: "echo", weight: 1 }],
    });
    const request = { listener: "edge", host: "", method: "GET", path: canonical } as const;
    const compiled = compileRoutes([{ id: "it", revision: 1, spec }]);
    const found = decide(compiled, {
      ...request,
      caller: "outside",
      header: () => undefined,
      query: () => undefined,
      cookie: () => undefined,
    });
    expect(found?.route.id).toBe("it");
  });

  it.each(["/a/../b", "/a/%2e%2E", "/a\\b", "/a/..;x", "/%00", "/100%", "/café"])(
    "%s is refused, and the message says what is not allowed",
    (value) => {
      const { error } = PathMatch.safeParse({ kind: "prefix", value });
      expect(error?.issues.map(({ path }) => path)).toEqual([["value"]]);
      expect(error?.issues[0]?.message).toMatch(/not allowed are .*%00.*ASCII/);
    },
  );

  it("without a leading slash, or with a query, is told so alone", () => {
    for (const value of ["a", "/a?b", "/a b"])
      expect(PathMatch.safeParse({ kind: "exact", value }).error?.issues.map(({ message }) => message)).toEqual([
        "Starts with / and has no spaces, ? or #",
      ]);
  });

  it.each(["//", "/a//b", "/a;b", "/a%2Fb", "/a%5cb"])("%s needs the route to let such a path through", (value) => {
    const draft = {
      matches: [{ path: { kind: "prefix" as const, value } }],
      destinations: [{ service: "a", weight: 1 }],
    };
    const { error } = RouteSpec.safeParse(draft);
    expect(error?.issues.map(({ path }) => path)).toEqual([["matches", 0, "path", "value"]]);
    const optedIn = { ...draft, pathOptIns: ["encoded-slash", "encoded-backslash", "semicolon", "double-slash"] };
    expect(RouteSpec.safeParse(optedIn).success).toBe(true);
  });
});
