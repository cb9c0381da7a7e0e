import { expect, it } from "vitest";
import { RetryBudget } from "./retry-budget.ts";

function granted(budget: RetryBudget, percent: number, nowMs: number): number {
  let count = 0;
  while (budget.withdraw(percent, nowMs)) count += 1;
  return count;
}

it("lets a route with few requests retry 30 times in 10 s, and counts what it gave and refused", () => {
  const budget = new RetryBudget();
  budget.deposit(0);
  expect(granted(budget, 20, 0)).toBe(30);
  expect([budget.retried, budget.refused]).toEqual([30, 1]);
  expect(granted(budget, 20, 9999)).toBe(0);
  expect(granted(budget, 20, 10_000)).toBe(30);
});

it("lets a busy route retry its share of the requests of the last 10 s", () => {
  const budget = new RetryBudget();
  for (let nowMs = 0; nowMs < 20_000; nowMs += 10) budget.deposit(nowMs);
  expect(granted(budget, 20, 19_990)).toBe(200);
  for (let nowMs = 20_000; nowMs < 21_000; nowMs += 10) budget.deposit(nowMs);
  expect(granted(budget, 20, 20_990)).toBe(0);
  expect(granted(budget, 25, 20_990)).toBe(50);
});

it("grants nothing at 0 percent", () => {
  expect(granted(new RetryBudget(), 0, 0)).toBe(0);
});

it("forgets everything over a long silence", () => {
  const budget = new RetryBudget();
  for (let n = 0; n < 1000; n += 1) budget.deposit(5);
  expect(granted(budget, 100, 5)).toBe(1000);
  expect(granted(budget, 100, 3_600_000)).toBe(30);
});

it("keeps what it knows when a call that was held up speaks of an earlier time", () => {
  const budget = new RetryBudget();
  budget.deposit(9000);
  expect(granted(budget, 20, 9000)).toBe(30);
  budget.deposit(2000);
  expect(granted(budget, 20, 9500)).toBe(0);
});
