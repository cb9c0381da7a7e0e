import { expect, it } from "vitest";
import { FailedCalls, type CalledInstance } from "./failed-calls.ts";

const instance = (id: string, address: string): CalledInstance => ({ id, address, port: 8080 });
const a = instance("payments-a", "10.0.3.6");
const b = instance("payments-b", "10.0.3.7");

it("names the instance where most of the last 64 failures were, with its share rounded down", () => {
  const failed = new FailedCalls();
  for (let call = 0; call < 500; call += 1) failed.add(a, "failure", 1000);
  for (let call = 0; call < 64; call += 1) failed.add(call % 8 === 0 ? a : b, "timeout", 2000);
  expect(failed.inWords(0)).toBe("87 % of the last 64 failures at payments-b (10.0.3.7:8080)");
});

it("leaves out what was too long ago, and says nothing when that is all", () => {
  const failed = new FailedCalls();
  failed.add(a, "unreachable", 1000);
  failed.add(b, "unreachable", 2000);
  expect(failed.inWords(1500)).toBe("at payments-b (10.0.3.7:8080)");
  expect(failed.inWords(2001)).toBe("");
});

it("blames nobody when all are alike", () => {
  const failed = new FailedCalls();
  for (const id of ["one", "two", "three"]) failed.add(instance(id, "10.0.0.1"), "failure", 1000);
  expect(failed.inWords(0)).toBe("the last 3 failures spread over 3 instances");
});

it("tells slow answers from failures, and writes addresses of IPv6 as they are written", () => {
  const failed = new FailedCalls();
  const six = instance("six", "fd00::1");
  failed.add(six, "success", 1000);
  failed.add(six, "success", 1000);
  expect(failed.inWords(0)).toBe("100 % of the last 2 slow calls at six ([fd00::1]:8080)");
  failed.add(six, "failure", 1000);
  expect(failed.inWords(0)).toBe("100 % of the last 3 failed and slow calls at six ([fd00::1]:8080)");
});
