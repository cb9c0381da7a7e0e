import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { OURS } from "#domain/conformance/engine-subject.ts";
import { ourLatencies, playLatencies } from "#domain/conformance/latencies.ts";
import { PERCENTILES } from "#domain/conformance/percentiles.ts";
import { playScenario } from "#domain/conformance/play-scenario.ts";
import { CONFORMANCE } from "#domain/conformance/suite.ts";
import { documentedVerdicts } from "./table.ts";

it("docs/breakers.md has every scenario, and says of ours what the suite says", async () => {
  const document = await readFile(join(import.meta.dirname, "..", "..", "docs", "breakers.md"), "utf8");
  const verdicts = new Map<string, string>();
  for (const scenario of CONFORMANCE.flatMap(({ scenarios }) => scenarios))
    verdicts.set(scenario.id, (await playScenario(scenario, OURS)).kind);
  for (const scenario of PERCENTILES.scenarios) verdicts.set(scenario.id, playLatencies(scenario, ourLatencies()).kind);
  expect(documentedVerdicts(document)).toEqual(verdicts);
});
