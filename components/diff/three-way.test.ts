import { describe, expect, it } from "vitest";
import { threeWay } from "./three-way.ts";

const published = { service: "orders", destinations: [{ weight: 100 }], timeoutMs: 1000 };

describe("threeWay", () => {
  it("says that the node was changed where only it differs from what was published", () => {
    const found = { ...published, destinations: [{ weight: 0 }] };
    const rows = threeWay({ database: published, published, found });
    expect(rows.map(({ path }) => path)).toEqual(["service", "destinations.0.weight", "timeoutMs"]);
    expect(rows.filter(({ changed }) => changed.length > 0)).toEqual([
      { path: "destinations.0.weight", values: { database: 100, published: 100, found: 0 }, changed: ["found"] },
    ]);
  });

  it("says that it was edited where only the database differs, and both where each differs in its own way", () => {
    const rows = threeWay({
      database: { ...published, timeoutMs: 2000, service: "orders-2" },
      published,
      found: { ...published, service: "evil" },
    });
    expect(rows.map(({ path, changed }) => [path, changed])).toEqual([
      ["service", ["database", "found"]],
      ["destinations.0.weight", []],
      ["timeoutMs", ["database"]],
    ]);
  });

  it("has a row for what only one side has, and for all of what a removed node no longer has", () => {
    expect(threeWay({ database: null, published: null, found: { a: 1 } })).toEqual([
      { path: "a", values: { database: undefined, published: undefined, found: 1 }, changed: ["found"] },
    ]);
    expect(
      threeWay({ database: published, published, found: null }).every(({ changed }) => changed.includes("found")),
    ).toBe(true);
  });

  it("keeps an empty list apart from a list that is not there", () => {
    const rows = threeWay({ database: { hosts: [] }, published: { hosts: [] }, found: {} });
    expect(rows).toEqual([
      { path: "hosts", values: { database: [], published: [], found: undefined }, changed: ["found"] },
    ]);
  });

  it("tells of an emptied list by the members it lost", () => {
    const rows = threeWay({ database: { hosts: ["a"] }, published: { hosts: ["a"] }, found: { hosts: [] } });
    expect(rows.map(({ path, changed }) => [path, changed])).toEqual([["hosts.0", ["found"]]]);
  });

  it("keeps null, which a member may be set to, apart from no member", () => {
    const [row] = threeWay({ database: { limit: null }, published: { limit: null }, found: {} });
    expect(row?.changed).toEqual(["found"]);
  });
});
