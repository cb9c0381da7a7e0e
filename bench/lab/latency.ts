import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import type { BenchCase } from "../harness.ts";
import { median } from "../measure.ts";
import type { Lab, Running } from "./lab.ts";
import { smallPath } from "./paths.ts";

const run = promisify(execFile);
const Result = z.object({ p50Us: z.number(), p99Us: z.number(), refused: z.int(), lost: z.int() });

/** What cannot be told apart from nothing, ms. */
const RESOLUTION_MS = 0.01;

export interface LatencyOptions {
  readonly perSecond: number;
  readonly seconds: number;
  readonly warmUpS: number;
  readonly rounds: number;
}

/** How much longer answers take at a fixed rate through each proxy than straight from the service. */
export async function addedLatency(
  lab: Lab,
  proxies: readonly Running[],
  service: Running,
  options: LatencyOptions,
): Promise<BenchCase[]> {
  const taken = [service, ...proxies].map((target) => ({ target, p50: new Array<number>(), p99: new Array<number>() }));
  for (let round = 0; round < options.rounds; round += 1) {
    for (const { target, p50, p99 } of taken) {
      const { p50Us, p99Us } = await ask(lab, target, options);
      p50.push(p50Us / 1000);
      p99.push(p99Us / 1000);
    }
  }
  const [direct, ...others] = taken;
  return (["p50", "p99"] as const).map((quantile) => {
    const floor = median(direct?.[quantile] ?? []);
    const added = Object.fromEntries(
      others.map((one) => [one.target.name, Math.max(RESOLUTION_MS, median(one[quantile]) - floor)]),
    );
    const { ours = Number.NaN, ...peers } = added;
    const name = `latency at ${options.perSecond}/s`;
    return { name, ours, peers, unit: `ms added, ${quantile}`, better: "lower", eachPeer: true };
  });
}

async function ask(lab: Lab, target: Running, options: LatencyOptions): Promise<z.infer<typeof Result>> {
  const { perSecond, seconds, warmUpS } = options;
  const told = JSON.stringify({ port: target.port, path: smallPath(), perSecond, seconds, warmUpS });
  const script = join(import.meta.dirname, "open-loop.ts");
  const { stdout } = await run(...lab.commandAt("load", process.execPath, [script, told]));
  const result = Result.parse(JSON.parse(stdout));
  const { refused, lost } = result;
  if (refused + lost > 0)
    throw new Error(`${target.name} at ${perSecond}/s: ${refused} answers were not 200, ${lost} did not come.`);
  return result;
}
