import { describe, expect, it } from "vitest";
import { OURS } from "./engine-subject.ts";
import { ourLatencies, playLatencies } from "./latencies.ts";
import { PERCENTILES } from "./percentiles.ts";
import { playScenario } from "./play-scenario.ts";
import { CONFORMANCE } from "./suite.ts";

describe.each(CONFORMANCE)("$name", ({ scenarios }) => {
  it.each(scenarios)("$id: $title", async (scenario) => {
    expect(await playScenario(scenario, OURS)).toEqual({ kind: "holds" });
  });
});

describe.each([PERCENTILES])("$name", ({ scenarios }) => {
  it.each(scenarios)("$id: $title", (scenario) => {
    expect(playLatencies(scenario, ourLatencies())).toEqual({ kind: "holds" });
  });
});

it("no two scenarios have the same id", () => {
  const ids = [...CONFORMANCE.flatMap(({ scenarios }) => scenarios), ...PERCENTILES.scenarios].map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)]);
});
