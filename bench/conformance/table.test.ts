import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { OURS } from "#domain/conformance/engine-subject.ts";
import { ourLatencies, playLatencies } from "#domain/conformance/latencies.ts";
import { PERCENTILES } from "#domain/conformance/percentiles.ts";
import { playScenario } from "#domain/conformance/play-scenario.ts";
import { CONFORMANCE } from "#domain/conformance/suite.ts";
import { documentedVerdicts } from "./table.ts";

const document = await readFile(join(import.meta.dirname, "..", "..", "docs", "breakers.md"), "utf8");

it("docs/breakers.md has every scenario, and says of ours what the suite says", async () => {
  const verdicts = new Map<string, string>();
  for (const scenario of CONFORMANCE.flatMap(({ scenarios }) => scenarios))
    verdicts.set(scenario.id, (await playScenario(scenario, OURS)).kind);
  for (const scenario of PERCENTILES.scenarios) verdicts.set(scenario.id, playLatencies(scenario, ourLatencies()).kind);
  expect(documentedVerdicts(document)).toEqual(verdicts);
});

it("the rules of docs/breakers.md name scenarios that there are", () => {
  const ids = new Set(documentedVerdicts(document).keys());
  const rules = document.slice(document.indexOf("## The rules"), document.indexOf("## Different from Hystrix"));
  const named = [...rules.matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)].map(([, id = ""]) => id);
  expect(named.filter((id) => !ids.has(id))).toEqual(["like-this"]);
  expect(named.length).toBeGreaterThan(15);
});
