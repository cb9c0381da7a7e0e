import { describe, expect, it } from "vitest";
import { RouteMatch } from "#domain/route-conditions.ts";
import { describeMatch } from "./describe-match.ts";
import { labelsToText, textToLabels } from "./labels-text.ts";
import { evenSplit, sharesOf } from "./weights.ts";

describe("labels typed as text", () => {
  it("come back as they were typed", () => {
    for (const labels of [{}, { version: "2" }, { version: "2", zone: "a=b" }]) {
      expect(textToLabels(labelsToText(labels))).toEqual(labels);
    }
  });

  it("keep what is not finished, so that the form can point at it", () => {
    expect(textToLabels("version, zone=a,")).toEqual({ version: "", zone: "a" });
  });
});

describe("evenSplit", () => {
  it("always shares out exactly 100", () => {
    for (let count = 1; count <= 16; count += 1) {
      const split = evenSplit(count);
      expect(split.reduce((sum, weight) => sum + weight, 0)).toBe(100);
      expect(Math.max(...split) - Math.min(...split)).toBeLessThanOrEqual(1);
    }
    expect(evenSplit(0)).toEqual([]);
  });
});

describe("sharesOf", () => {
  it("is relative to the sum, whatever the sum is", () => {
    expect(sharesOf([1, 3])).toEqual([0.25, 0.75]);
    expect(sharesOf([0, 100])).toEqual([0, 1]);
  });

  it("divides by nothing neither when all is 0 nor while a field is empty", () => {
    expect(sharesOf([0, 0])).toEqual([0, 0]);
    expect(sharesOf([Number.NaN, 10])).toEqual([0, 1]);
  });
});

describe("describeMatch", () => {
  it("names every condition", () => {
    expect(
      describeMatch({
        path: { kind: "exact", value: "/stock" },
        methods: ["GET", "POST"],
        headers: [
          { name: "x-canary", match: { kind: "exact", value: "yes" } },
          { name: "cookie", match: { kind: "absent" } },
        ],
        query: [{ name: "page", match: { kind: "present" } }],
        cookies: [{ name: "plan", match: { kind: "prefix", value: "gold" } }],
        callers: ["orders", "cart"],
      }),
    ).toBe(
      "GET, POST /stock exactly, header x-canary = yes, without header cookie, with query page, cookie plan = gold…, from orders, cart",
    );
  });

  it("tells the kinds of path apart", () => {
    const ofPath = (kind: "prefix" | "template" | "regex", value: string): string =>
      describeMatch({ ...RouteMatch.parse({}), path: { kind, value } });
    expect([
      ofPath("prefix", "/orders"),
      ofPath("template", "/orders/{id}"),
      ofPath("regex", "/orders/[0-9]+"),
    ]).toEqual(["/orders and below", "/orders/{id}", "paths ~ /orders/[0-9]+"]);
  });

  it("says so when everything matches", () => {
    expect(describeMatch(RouteMatch.parse({}))).toBe("any path");
  });
});
