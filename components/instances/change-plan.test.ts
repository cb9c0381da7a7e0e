import { describe, expect, it } from "vitest";
import { testService } from "#domain/test-picture.ts";
import { changesOf, countInWords, isDangerous, namesInWords, planChange, tooMuchInWords } from "./change-plan.ts";
import type { InstanceRef, SettingsOf } from "./instance-row.ts";

const services = [testService("cart", ["a"]), testService("stock", ["a", "b", "c"])];
const refs = (service: string, ...ids: string[]): InstanceRef[] => ids.map((id) => ({ service, id }));
const plan = (
  chosen: readonly InstanceRef[],
  action: Parameters<typeof planChange>[1],
  settingsOf: SettingsOf = () => ({}),
) => planChange(chosen, action, { services, settingsOf, routes: [], nowMs: 0 });
const DRAIN = { kind: "drain" } as const;

describe("planChange", () => {
  it("puts those services first that nobody is left for, and leaves out who is not registered", () => {
    const plans = plan([...refs("stock", "a", "gone"), ...refs("cart", "a"), ...refs("left", "x")], DRAIN);
    expect(plans.map((one) => [one.service, isDangerous(one), one.effect.stopping])).toEqual([
      ["cart", true, ["a"]],
      ["stock", false, ["a"]],
    ]);
    expect(changesOf(plans, DRAIN)).toEqual([
      { service: "cart", instances: ["a"], action: DRAIN },
      { service: "stock", instances: ["a"], action: DRAIN },
    ]);
  });

  it("tells from what to what, and asks for nothing that is so already", () => {
    const settingsOf: SettingsOf = (service) => (service === "stock" ? { a: { weight: 50, drained: true } } : {});
    const [drained] = plan(refs("stock", "a", "b"), DRAIN, settingsOf);
    expect([drained?.same, drained?.changed.map(({ id }) => id)]).toEqual([1, ["b"]]);
    const [halved] = plan(refs("stock", "a", "b"), { kind: "scale-weight", factor: 0.5 }, settingsOf);
    expect(halved?.changed).toEqual([
      { id: "a", from: { weight: 50, drained: true }, to: { weight: 25, drained: true } },
      { id: "b", from: { weight: 100, drained: false }, to: { weight: 50, drained: false } },
    ]);
    expect(changesOf(plan(refs("stock", "a"), DRAIN, settingsOf), DRAIN)).toEqual([]);
  });
});

it("says what is too much for one request, and which service it is about", () => {
  const change = (service: string, count: number) => ({
    service,
    instances: Array.from({ length: count }, (_, at) => at.toString()),
    action: DRAIN,
  });
  const many = (count: number) => Array.from({ length: count }, (_, at) => change(`s${at.toString()}`, 1));
  expect(tooMuchInWords([...many(99), change("stock", 1000)])).toBeNull();
  expect(tooMuchInWords(many(101))).toContain("101 services");
  expect(tooMuchInWords([change("stock", 1001)])).toContain("1,001 instances of stock");
});

it("reads so many names and counts the others", () => {
  expect(namesInWords(["a", "b", "c", "d", "e", "f"])).toBe("a, b, c, d, e, f");
  expect(namesInWords(["a", "b", "c", "d", "e", "f", "g"])).toBe("a, b, c, d, e and 2 more");
});

it("counts instances in words", () => {
  expect(countInWords(refs("stock", "a"))).toBe("a");
  expect(countInWords(refs("stock", "a", "b"))).toBe("2 instances");
  expect(countInWords([...refs("stock", "a", "b"), ...refs("cart", "a")])).toBe("3 instances of 2 services");
});
