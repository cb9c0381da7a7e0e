import { join } from "node:path";
import { z } from "zod";
import type { BenchCase } from "../harness.ts";
import { median } from "../measure.ts";
import type { Lab, Running } from "./lab.ts";
import { smallPath } from "./paths.ts";
import { observed } from "./process-table.ts";
import { inTurn, type Surroundings, type Taken } from "./slices.ts";

const Answers = z.object({ p50Us: z.number(), p99Us: z.number(), refused: z.int(), lost: z.int() });
type Answers = z.infer<typeof Answers>;

/** What cannot be told apart from nothing, ms. */
const RESOLUTION_MS = 0.01;

export interface LatencyOptions {
  readonly perSecond: number;
  readonly seconds: number;
  /** Of a fresh process, and each time. */
  readonly warmUpS: number;
  readonly rounds: number;
}

interface LatencySample extends Surroundings {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Answer times at a fixed rate, straight from the service and through each proxy, in turn. */
export async function latencies(
  lab: Lab,
  targets: readonly Running[],
  { perSecond, seconds, warmUpS, rounds }: LatencyOptions,
  mayRepeat: () => boolean,
): Promise<Record<string, Taken<LatencySample>>> {
  for (const target of targets) await ask(lab, target, { perSecond, seconds: 0, warmUpS });
  const measure = async (target: Running): Promise<LatencySample> => {
    const asked = (): Promise<Answers> => ask(lab, target, { perSecond, seconds, warmUpS: 1 });
    const { result, ownShare, foreignShare } = await observed(target.pid, asked);
    return { p50Ms: result.p50Us / 1000, p99Ms: result.p99Us / 1000, ownShare, foreignShare };
  };
  const measures = Object.fromEntries(targets.map((target) => [target.name, () => measure(target)]));
  return inTurn(measures, { wanted: rounds, attempts: 2 * rounds, pinned: false, mayRepeat });
}

/** How much longer answers take through each proxy than straight from the service. */
export function addedLatency(
  name: string,
  direct: Taken<LatencySample>,
  proxies: Readonly<Record<string, Taken<LatencySample>>>,
): BenchCase[] {
  return (["p50", "p99"] as const).map((quantile) => {
    const of = ({ counted }: Taken<LatencySample>): number => median(counted.map((sample) => sample[`${quantile}Ms`]));
    const added = Object.entries(proxies).map(
      ([proxy, taken]) => [proxy, Math.max(RESOLUTION_MS, of(taken) - of(direct))] as const,
    );
    const { ours = Number.NaN, ...peers } = Object.fromEntries(added);
    return { name, ours, peers, unit: `ms added, ${quantile}`, better: "lower", eachPeer: true };
  });
}

async function ask(lab: Lab, target: Running, options: Omit<LatencyOptions, "rounds">): Promise<Answers> {
  const told = JSON.stringify({ port: target.port, path: smallPath(), ...options });
  const script = join(import.meta.dirname, "open-loop.ts");
  const stdout = await lab.output("load", process.execPath, [script, told]);
  const answers = Answers.parse(JSON.parse(stdout));
  const { refused, lost } = answers;
  if (refused + lost > 0)
    throw new Error(`${target.name} at ${options.perSecond}/s: ${refused} answers were not 200, ${lost} did not come.`);
  return answers;
}
