import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  DEFAULT_HEALTH_POLICY,
  DEFAULT_THRESHOLDS,
  HealthPolicySpec,
  namePattern,
  thresholdsBy,
} from "./health-policy.ts";

const policy = (...overrides: object[]): HealthPolicySpec =>
  HealthPolicySpec.parse({ thresholds: DEFAULT_THRESHOLDS, overrides });
const issuesOf = (given: unknown): string[] =>
  HealthPolicySpec.safeParse(given).error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];

describe("the thresholds that bind a service", () => {
  it("are the override of its very name, else the pattern that says most, else the default", () => {
    const find = thresholdsBy(
      policy(
        { match: "*", minRequests: 10 },
        { match: "pay*", p95MsDegraded: 500 },
        { match: "pay*-eu", p95MsDegraded: 800 },
        { match: "payments", errorPercentDegraded: 1 },
      ),
    );
    expect(["payments", "payroll", "payroll-eu", "cart"].map((name) => find(name).by)).toEqual([
      "payments",
      "pay*",
      "pay*-eu",
      "*",
    ]);
    expect(thresholdsBy(DEFAULT_HEALTH_POLICY)("cart")).toEqual({ ...DEFAULT_THRESHOLDS, by: "" });
  });

  it("are the default's where the override says nothing, and off where it says 0", () => {
    const standard = { ...DEFAULT_THRESHOLDS, p95MsDegraded: 300 };
    const given = HealthPolicySpec.parse({
      thresholds: standard,
      overrides: [{ match: "batch-*", p95MsDegraded: 0, minRequests: 50 }],
    });
    expect(thresholdsBy(given)("batch-1")).toEqual({ ...standard, p95MsDegraded: 0, minRequests: 50, by: "batch-*" });
  });

  it("are refused when what fails is better than what degrades, also by way of the default", () => {
    expect(issuesOf({ thresholds: { ...DEFAULT_THRESHOLDS, errorPercentFailing: 1 } })).toEqual([
      "thresholds.errorPercentFailing: Less than degraded (2 %)",
    ]);
    expect(
      issuesOf({
        thresholds: { ...DEFAULT_THRESHOLDS, p95MsDegraded: 500 },
        overrides: [{ match: "a", p95MsFailing: 400 }],
      }),
    ).toEqual(["overrides.0.p95MsFailing: Less than degraded (500 ms)"]);
    expect(
      issuesOf({
        thresholds: { ...DEFAULT_THRESHOLDS, p95MsDegraded: 500 },
        overrides: [{ match: "a", p95MsFailing: 0 }],
      }),
    ).toEqual([]);
    expect(issuesOf({ thresholds: DEFAULT_THRESHOLDS, overrides: [{ match: "a" }, { match: "a" }] })).toEqual([
      "overrides.1.match: It has a line already",
    ]);
  });
});

describe("a pattern of names", () => {
  it("means what the same regular expression means", () => {
    const letters = fc.array(fc.constantFrom("a", "b", "."), { maxLength: 8 }).map((all) => all.join(""));
    const patterns = fc.array(fc.constantFrom("a", "b", ".", "*"), { maxLength: 6 }).map((all) => all.join(""));
    fc.assert(
      fc.property(patterns, letters, (pattern, name) => {
        const expression = new RegExp(`^${pattern.replaceAll(".", "[.]").replaceAll("*", ".*")}$`);
        expect(namePattern(pattern)(name)).toBe(expression.test(name));
      }),
      { numRuns: 1000 },
    );
  });

  it("takes linear time, however it is made", () => {
    const matches = namePattern(`${"*a".repeat(64)}b`);
    expect(matches("a".repeat(100_000))).toBe(false);
  });
});
