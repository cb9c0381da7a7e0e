import { parseArgs } from "node:util";
import { GATES, UNIT_TESTS, gateOf, type Gate } from "./gates/gates.ts";
import { runGate, type GateResult } from "./gates/run-gate.ts";
import { HOME } from "./home.ts";
import { formatDuration } from "./report.ts";

/** Two at a time: most tools have threads of their own, and two cores are what a small machine has. */
const AT_ONCE = 2;

export interface CheckOptions {
  /** Runs the unit tests too, last. */
  readonly withUnit?: boolean;
}

/**
 * Runs every gate on the repository and resolves to their results, in the order in which they are listed.
 * `report` hears of each as it ends. Never rejects.
 */
export async function runChecks(
  report: (result: GateResult) => void,
  options: CheckOptions = {},
): Promise<readonly GateResult[]> {
  const gates: Gate[] = GATES.map((name) => gateOf(HOME, name));
  if (options.withUnit === true) gates.push(UNIT_TESTS);
  const waiting = [...gates];
  const results = new Map<Gate, GateResult>();
  const work = async (): Promise<void> => {
    for (let gate = waiting.shift(); gate !== undefined; gate = waiting.shift()) {
      const result = await runGate(HOME, gate);
      results.set(gate, result);
      report(result);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return gates.flatMap((gate) => results.get(gate) ?? []);
}

/** One line for a gate that passed; for one that failed, all that it printed as well. */
export function describe({ name, ok, durationMs, output }: GateResult): string {
  const line = `  ${ok ? "✓" : "✗"} ${name} (${formatDuration(durationMs)})`;
  return ok ? line : `${line}\n\n${output}\n`;
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { "with-unit": { type: "boolean", default: false } } });
  const results = await runChecks((result) => process.stdout.write(`${describe(result)}\n`), {
    withUnit: values["with-unit"],
  });
  const failed = results.filter(({ ok }) => !ok);
  process.stdout.write(
    failed.length === 0
      ? `${results.length} gates passed.\n`
      : `${failed.length} of ${results.length} gates failed: ${failed.map(({ name }) => name).join(", ")}.\n`,
  );
  process.exitCode = failed.length === 0 ? 0 : 1;
}
