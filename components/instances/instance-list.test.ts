import { describe, expect, it } from "vitest";
import { testInstance } from "#domain/test-instance.ts";
import { testService } from "#domain/test-picture.ts";
import { facetValues, hasFacets, searchWords, type FacetChoice } from "./instance-filter.ts";
import { keysInOrder, type InstanceOrder } from "./instance-order.ts";
import { instanceKey, rowsOf } from "./instance-row.ts";

const stock = testService("stock", [], {
  instances: [
    testInstance({ service: "stock", id: "s10", metadata: { version: "2", zone: "a", "dubbo.metadata": "x" } }),
    testInstance({ service: "stock", id: "s9", metadata: { version: "1" }, protocol: "dubbo", weight: 200 }),
  ],
  traffic: [{ instance: "s9", requestsPerSecond: 3, errorRatio: 0, p95Ms: null }],
});
const odd = testService("not a name", ["constructor"]);
const settings = { s10: { weight: 40, drained: true } };
const rows = rowsOf([stock, odd], (service) => (service === "stock" ? settings : {}), 0);
const ANY: FacetChoice = { status: null, protocol: null, zone: null, version: null };
const idsOf = (order: InstanceOrder) => {
  const ids = new Map(rows.map(({ key, id }) => [key, id]));
  return keysInOrder(rows, order).map((key) => ids.get(key));
};

describe("rows of instances", () => {
  it("say what is in force: a person's setting, else what is registered", () => {
    expect(
      rows.map(({ id, setting, stand, labels, isNameable }) => [id, setting.weight, stand.kind, labels, isNameable]),
    ).toEqual([
      ["s10", 40, "drained", "version=2, zone=a", true],
      ["s9", 200, "no-traffic", "version=1", true],
      ["constructor", 100, "in", "", false],
    ]);
  });

  it("have keys that no choice of names can make alike", () => {
    expect(instanceKey({ service: "a", id: "b/c" })).not.toBe(instanceKey({ service: "a/b", id: "c" }));
  });

  it("are ordered as people count, equal ones by service and name", () => {
    expect(idsOf({ column: "id", descending: false })).toEqual(["constructor", "s9", "s10"]);
    expect(idsOf({ column: "service", descending: true })).toEqual(["s9", "s10", "constructor"]);
    expect(idsOf({ column: "weight", descending: true })).toEqual(["s9", "constructor", "s10"]);
    expect(idsOf({ column: "rate", descending: true })).toEqual(["s9", "constructor", "s10"]);
  });
});

describe("narrowing a list of instances", () => {
  it("takes those that have all that was chosen", () => {
    const having = (choice: Partial<FacetChoice>) =>
      rows.filter((row) => hasFacets(row, { ...ANY, ...choice })).map(({ id }) => id);
    expect(having({})).toHaveLength(3);
    expect(having({ status: "drained" })).toEqual(["s10"]);
    expect(having({ protocol: "http", version: "2" })).toEqual(["s10"]);
    expect(having({ protocol: "dubbo", version: "2" })).toEqual([]);
    expect(having({ zone: "b" })).toEqual([]);
  });

  it("offers what there is, with counts, and what was chosen though none has it", () => {
    expect(facetValues(rows, "protocol", null).map(({ label, count }) => [label, count])).toEqual([
      ["dubbo", 1],
      ["http", 2],
    ]);
    expect(facetValues(rows, "zone", "b").map(({ value, count }) => [value, count])).toEqual([
      ["a", 1],
      ["b", 0],
    ]);
    expect(facetValues(rows, "status", null).map(({ label }) => label)).toEqual([
      "Drained",
      "Serving",
      "Takes no traffic",
    ]);
  });

  it("looks for service, name, address and labels", () => {
    expect(rows.map(searchWords)[0]).toEqual(["stock", "s10", "10.0.0.1:80", "http", "version=2, zone=a"]);
  });
});
