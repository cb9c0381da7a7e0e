import { expect, it } from "vitest";
import { takesRequests } from "./takes-requests.ts";
import { testInstance } from "./test-instance.ts";

const PERSONS = { a: { weight: 100, drained: false } };
const one = testInstance({ id: "a" });

it("sends no requests to an instance that says it takes none, whatever policy says", () => {
  expect(takesRequests({}, one)).toBe(true);
  expect(takesRequests(PERSONS, { ...one, serving: false })).toBe(false);
});

it("needs one that speaks HTTP and is not leaving; a registered weight of 0 gives way to a person's", () => {
  expect(takesRequests({}, { ...one, protocol: "dubbo" })).toBe(false);
  expect(takesRequests({}, { ...one, protocol: "rest" })).toBe(true);
  expect(takesRequests({}, { ...one, presence: "leaving" })).toBe(false);
  expect(takesRequests({}, { ...one, presence: "unconfirmed" })).toBe(true);
  expect(takesRequests({}, { ...one, weight: 0 })).toBe(false);
  expect(takesRequests(PERSONS, { ...one, weight: 0 })).toBe(true);
});

it("takes people at their word: neither a drained one nor one without weight gets any", () => {
  expect(takesRequests({ a: { weight: 100, drained: true } }, one)).toBe(false);
  expect(takesRequests({ a: { weight: 0, drained: false } }, { ...one, weight: 50 })).toBe(false);
});
