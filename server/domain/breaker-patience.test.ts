import { describe, expect, it } from "vitest";
import { Readmission, type BreakerSettings } from "./breaker-policy.ts";
import type { Permit } from "./breaker.ts";
import { BenchedBreaker } from "./test-breaker.ts";

const step = ({ breaker }: BenchedBreaker): number | string =>
  breaker.state.kind === "readmitting" ? breaker.state.percent : breaker.state.kind;

describe("a step whose calls all hang, with no call slow by the settings", () => {
  const hanging = (settings: Partial<BreakerSettings> = {}): { bench: BenchedBreaker; permit: Permit } => {
    const readmission = Readmission.parse({ steps: [5, 25], stepMs: 100, stepCalls: 5, errorBudgetPercent: 20 });
    const bench = new BenchedBreaker({ timeoutMs: 10_000, readmission, ...settings });
    bench.sleepThrough();
    bench.call("success");
    const [permit = 0] = bench.hang(1);
    expect(permit).toBeGreaterThan(0);
    bench.clock.nowMs += 9000;
    bench.breaker.tick(bench.clock.nowMs);
    return { bench, permit };
  };

  it("is not passed for want of calls, even where a call is slow only later", () => {
    expect(step(hanging().bench)).toBe(5);
    expect(step(hanging({ slowCallMs: 9500 }).bench)).toBe(5);
  });

  it("is passed as soon as one has gone well, from then on", () => {
    const { bench, permit } = hanging();
    bench.breaker.settle(permit, "success", bench.clock.nowMs, 9000);
    expect(bench.breaker.state).toMatchObject({ percent: 25, sinceMs: bench.clock.nowMs });
  });

  it("is passed when their callers have gone away, from then on, and the steps after it take their time", () => {
    const { bench, permit } = hanging();
    bench.breaker.settle(permit, "abandoned", bench.clock.nowMs, 9000);
    bench.breaker.tick(bench.clock.nowMs);
    expect(bench.breaker.state).toMatchObject({ percent: 25, sinceMs: bench.clock.nowMs });
  });

  it("is judged by how they end", () => {
    const { bench, permit } = hanging();
    const others = Array.from({ length: 100 }, () => bench.hang(1)[0] ?? 0).filter((other) => other > 0);
    for (const one of [permit, ...others]) bench.breaker.settle(one, "timeout", bench.clock.nowMs, 10_000);
    expect(step(bench)).toBe("open");
  });
});
