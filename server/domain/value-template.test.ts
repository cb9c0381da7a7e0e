import { describe, expect, it } from "vitest";
import { parameterPlaces, segmentAt } from "./path-parameters.ts";
import { HeaderChanges, PathRewrite } from "./route-actions.ts";
import { RouteSpec, type RouteDraft } from "./route.ts";
import { compileTemplate, pathParameterIn, valueTemplateProblem } from "./value-template.ts";

const fill = (template: string, values: Record<string, string>): string | null =>
  compileTemplate<Record<string, string>>(template, (name) => (source) => source[name] ?? null)(values);

describe("a template", () => {
  it.each([
    ["plain", "plain"],
    ["", ""],
    ["{route}", "shop"],
    ["id={request.id}; by {caller}", "id=r-1; by storefront"],
    ["{{route}", "{route}"],
    ["{{{route}}", "{shop}"],
    ['{{"a":"{route}"}', '{"a":"shop"}'],
  ])("%s becomes %s", (template, filled) => {
    expect(fill(template, { route: "shop", "request.id": "r-1", caller: "storefront" })).toBe(filled);
  });

  it("without one of its values says nothing at all", () => {
    expect(fill("at {instance}", {})).toBeNull();
    expect(fill("at {instance", {})).toBeNull();
  });
});

describe("a header's value", () => {
  const saved = (value: string) => HeaderChanges.safeParse({ set: [{ name: "x-a", value }] });

  it.each(["{request.id}", "{request.host}{request.path}{request.method}", "{path.order_id}", "{{nothing}", "a } b"])(
    "may be %s",
    (value) => {
      expect(saved(value).success).toBe(true);
    },
  );

  it.each(["{request.body}", "{}", "{ route }", "{path.}", "{path.a-b}", "{ROUTE}", "{constructor}"])(
    "%s is refused when saved, and the message says what is known",
    (value) => {
      const { error } = saved(value);
      expect(error?.issues.map(({ path }) => path)).toEqual([["set", 0, "value"]]);
      expect(error?.issues[0]?.message).toContain("{request.id}");
    },
  );

  it("with a brace that is never closed is refused when saved", () => {
    expect(valueTemplateProblem("{route")).toContain("{{");
    expect(saved("a {route").success).toBe(false);
  });
});

describe("a path's parameter", () => {
  it("is found by the template that has it", () => {
    const places = parameterPlaces("id", ["/orders/{id}", "/a/b/{id}/c", "/none/{other}"]);
    expect([...places]).toEqual([
      ["/orders/{id}", 2],
      ["/a/b/{id}/c", 3],
    ]);
    expect(segmentAt("/orders/7", 2)).toBe("7");
    expect(segmentAt("/a/b/x%20y/c", 3)).toBe("x%20y");
    expect(segmentAt("/a", 3)).toBeNull();
    expect(pathParameterIn("path.id")).toBe("id");
    expect(pathParameterIn("request.id")).toBeNull();
  });
});

describe("a path to send instead", () => {
  const saved = (value: string) => PathRewrite.safeParse({ kind: "full", value }).success;

  it.each(["/", "/v2/{id}", "/{a}-{b}/c"])("may be %s", (value) => {
    expect(saved(value)).toBe(true);
  });

  it.each(["/{}", "/{a.b}", "/{id", "/{{id}", "/id}", "/a/../b", "/%00", "/a\\b", "/100%"])(
    "may not be %s",
    (value) => {
      expect(saved(value)).toBe(false);
    },
  );
});

describe("a route that uses parameters", () => {
  const template = (value: string) => ({ path: { kind: "template" as const, value } });
  const faults = (draft: Partial<RouteDraft>): string[] => {
    const spec = { matches: [template("/orders/{id}")], destinations: [{ service: "orders", weight: 1 }], ...draft };
    return RouteSpec.safeParse(spec).error?.issues.map(({ path }) => path.join(".")) ?? [];
  };
  const rewritePath = { kind: "full" as const, value: "/v2/{id}" };

  it("needs those of the path to send in every match", () => {
    expect(faults({ rewritePath })).toEqual([]);
    expect(faults({ rewritePath, matches: [template("/orders/{id}"), {}] })).toEqual(["rewritePath.value"]);
    expect(faults({ rewritePath, matches: [template("/orders/{order}")] })).toEqual(["rewritePath.value"]);
    const answer = { kind: "redirect" as const, path: { kind: "full" as const, value: "/v2/{other}" } };
    expect(faults({ answer, destinations: [] })).toEqual(["answer.path.value"]);
  });

  it("needs those of a header in one match", () => {
    const requestHeaders = { add: [{ name: "x-order", value: "order {path.id}" }] };
    expect(faults({ requestHeaders, matches: [{}, template("/orders/{id}")] })).toEqual([]);
    expect(faults({ requestHeaders, matches: [{}] })).toEqual(["requestHeaders.add.0.value"]);
  });

  it("sends no path that it would not take", () => {
    expect(faults({ rewritePath: { kind: "prefix", value: "/a;b" } })).toEqual(["rewritePath.value"]);
    expect(faults({ rewritePath: { kind: "prefix", value: "/a;b" }, pathOptIns: ["semicolon"] })).toEqual([]);
  });
});
