import { expect, it } from "vitest";
import { testInstance } from "#domain/test-instance.ts";
import { testService } from "#domain/test-picture.ts";
import { standsOf } from "./instance-stand.ts";

const standOf = (change: Parameters<typeof testInstance>[0], settings = {}) =>
  standsOf(testService("orders", [], { instances: [testInstance(change)] }), settings, 0)[0];

it("an instance that no gateway can call takes no traffic, and its stand says why", () => {
  expect(standOf({ protocol: "tri" })).toMatchObject({
    kind: "no-traffic",
    words: "speaks tri, which gateways do not call",
  });
  expect(standOf({ protocol: "rest" })).toMatchObject({ kind: "in" });
});

it("one whose registration has gone is leaving, or unconfirmed while that is not believed", () => {
  expect(standOf({ presence: "leaving" })).toMatchObject({ kind: "leaving" });
  expect(standOf({ presence: "unconfirmed" })).toMatchObject({ kind: "unconfirmed" });
  expect(standOf({ presence: "unconfirmed" }, { i1: { weight: 100, drained: true } })).toMatchObject({
    kind: "drained",
    words: expect.stringContaining("vanished"),
  });
});

it("a registered weight of 0 keeps it out until a person says otherwise", () => {
  expect(standOf({ weight: 0 })).toMatchObject({ kind: "drained", words: "weight 0" });
  expect(standOf({ weight: 0 }, { i1: { weight: 50, drained: false } })).toMatchObject({ kind: "in" });
});
