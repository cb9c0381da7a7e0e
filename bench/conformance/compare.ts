import { OURS } from "#domain/conformance/engine-subject.ts";
import { ourLatencies, playLatencies, type Latencies, type LatencyScenario } from "#domain/conformance/latencies.ts";
import { PERCENTILES } from "#domain/conformance/percentiles.ts";
import { playScenario, type Verdict } from "#domain/conformance/play-scenario.ts";
import type { Scenario } from "#domain/conformance/scenario.ts";
import type { Library } from "#domain/conformance/subject.ts";
import { CONFORMANCE } from "#domain/conformance/suite.ts";
import { COCKATIEL } from "./cockatiel-subject.ts";
import { opossumLatencies } from "./latencies-of-opossum.ts";
import { OPOSSUM } from "./opossum-subject.ts";
import { startTime, stopTime } from "./virtual-time.ts";

interface Contender {
  readonly library: Library;
  readonly latencies: () => Latencies | null;
}

const CONTENDERS: readonly Contender[] = [
  { library: OURS, latencies: ourLatencies },
  { library: OPOSSUM, latencies: opossumLatencies },
  { library: COCKATIEL, latencies: () => null },
];

export const LIBRARIES: readonly string[] = CONTENDERS.map(({ library }) => library.name);

export interface Row {
  readonly group: string;
  readonly scenario: Scenario | LatencyScenario;
  /** In the order of LIBRARIES. */
  readonly verdicts: readonly Verdict[];
}

/** Plays every scenario on every library, each on a new breaker in a time of its own. */
export async function compareAll(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { name, scenarios } of CONFORMANCE)
    for (const scenario of scenarios)
      rows.push(await row(name, scenario, ({ library }) => playScenario(scenario, library)));
  for (const scenario of PERCENTILES.scenarios)
    rows.push(await row(PERCENTILES.name, scenario, ({ latencies }) => playLatencies(scenario, latencies())));
  return rows;
}

async function row(
  group: string,
  scenario: Scenario | LatencyScenario,
  play: (contender: Contender) => Promise<Verdict> | Verdict,
): Promise<Row> {
  const verdicts = [];
  for (const contender of CONTENDERS) {
    stopTime();
    try {
      verdicts.push(await play(contender));
    } finally {
      startTime();
    }
  }
  return { group, scenario, verdicts };
}
