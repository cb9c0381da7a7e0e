import { expect, it } from "vitest";
import type { RequestKey } from "#domain/route-actions.ts";
import { readRequestHead } from "./request-head.ts";
import { readKey } from "./request-key.ts";
import { arrivalFrom } from "./test-bed/arrival.ts";

function keyOf(key: RequestKey, target: string, headers: string[]): string | null {
  const head = readRequestHead({ method: "GET", target, httpVersion: "1.1", headers: ["host", "a", ...headers] });
  if ("refused" in head) throw new Error(head.detail);
  return readKey({ arrival: arrivalFrom("10.0.0.9"), head }, key);
}

it("reads each kind of key, and null for what is not there", () => {
  expect(keyOf({ kind: "address" }, "/", [])).toBe("10.0.0.9");
  expect(keyOf({ kind: "caller" }, "/", [])).toBe("outside");
  expect(keyOf({ kind: "header", name: "x-user" }, "/", ["x-user", "ada"])).toBe("ada");
  expect(keyOf({ kind: "header", name: "x-user" }, "/", ["x-user", "ada", "x-user", "bob"])).toBe("ada, bob");
  expect(keyOf({ kind: "header", name: "x-user" }, "/", ["x-users", "ada"])).toBeNull();
  expect(keyOf({ kind: "cookie", name: "sid" }, "/", ["cookie", "a=1; sid=x=y; sid=z"])).toBe("x=y");
  expect(keyOf({ kind: "cookie", name: "sid" }, "/", ["cookie", "nosid=1"])).toBeNull();
  expect(keyOf({ kind: "query", name: "q" }, "/?p=1&q=a%20b&q=c", [])).toBe("a b");
  expect(keyOf({ kind: "query", name: "q" }, "/", [])).toBeNull();
});
