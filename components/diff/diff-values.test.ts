import { describe, expect, it } from "vitest";
import { diffValues, showValue } from "./diff-values.ts";

describe("diffValues", () => {
  it("finds nothing where values are equal, whatever the order of members", () => {
    expect(diffValues({ a: 1, b: [1, { c: "x" }] }, { b: [1, { c: "x" }], a: 1 })).toEqual([]);
    expect(diffValues(null, undefined)).toEqual([]);
    expect(diffValues({ a: [] }, { a: [] })).toEqual([]);
  });

  it("names the changed leaf and both of its values", () => {
    const before = { destinations: [{ service: "inventory", weight: 100 }], timeoutMs: 1000 };
    const after = { destinations: [{ service: "inventory", weight: 0 }], timeoutMs: 1000 };
    expect(diffValues(before, after)).toEqual([
      { path: "destinations.0.weight", kind: "changed", before: 100, after: 0 },
    ]);
  });

  it("tells what was added from what was removed", () => {
    expect(diffValues({ hosts: ["a"] }, { hosts: ["a", "b"] })).toEqual([
      { path: "hosts.1", kind: "added", before: undefined, after: "b" },
    ]);
    expect(diffValues({ hosts: ["a", "b"] }, { hosts: ["a"] })).toEqual([
      { path: "hosts.1", kind: "removed", before: "b", after: undefined },
    ]);
  });

  it("spells out a whole object that was created or removed", () => {
    expect(diffValues(null, { a: 1, b: { c: 2 } }).map(({ path, kind }) => [path, kind])).toEqual([
      ["a", "added"],
      ["b.c", "added"],
    ]);
    expect(diffValues({ a: 1 }, null)).toEqual([{ path: "a", kind: "removed", before: 1, after: undefined }]);
  });

  it("does not lose an empty list, a falsy value or a change of type", () => {
    expect(diffValues({}, { hosts: [] })).toEqual([{ path: "hosts", kind: "added", before: undefined, after: [] }]);
    expect(diffValues({ on: true }, { on: false })).toEqual([
      { path: "on", kind: "changed", before: true, after: false },
    ]);
    expect(diffValues({ a: [1] }, { a: "1" })).toEqual([{ path: "a", kind: "changed", before: [1], after: "1" }]);
  });
});

describe("showValue", () => {
  it("never shows an empty cell", () => {
    expect([null, undefined, "", 0, false, []].map(showValue)).toEqual(["–", "–", "(empty)", "0", "false", "[]"]);
  });
});
