import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { z } from "zod";
import { printCases, type BenchCase } from "../harness.ts";

/** Breakers of each simulated gateway, all of them with calls. */
const BREAKERS = 50;
/** Services of the simulated mesh: 2,000 series, of which each gateway carries some. */
const SERVICES = 100;
const SERIES = 1000;

const Pair = z.tuple([z.number(), z.number()]);
const Figures = z.object({
  cpuPercent: z.number(),
  windowsPerSecond: z.number(),
  lostWindows: z.number(),
  series: z.number(),
  cells: z.number(),
  rssMb: Pair,
  usedMb: Pair,
  pictureMs: Pair,
  ageMs: Pair,
});
export type PipelineFigures = z.infer<typeof Figures>;

export interface PipelineLoad {
  readonly gateways: number;
  readonly series: number;
  /** No two gateways have a series in common. */
  readonly distinct?: boolean;
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

/**
 * The collector of a console, by the second: gateways in a process of their own stream over loopback sockets; reader,
 * decoder, ledger and picture are the real ones. The peer is not another program but the plain way: every window a JSON
 * document read by zod, the last ten seconds added up anew for each picture. At 100 gateways the plain way does not keep
 * up, and so it is compared at ten.
 */
export async function pipelineCases(): Promise<BenchCase[]> {
  // What the console keeps of a minute is all there after 64 s: from then on nothing may grow.
  const hundred = await pipelineUnderLoad("ours", { gateways: 100, series: SERIES, warmUpSeconds: 70, seconds: 30 });
  const ten: PipelineLoad = { gateways: 10, series: SERIES, warmUpSeconds: 15, seconds: 20 };
  const ours = await pipelineUnderLoad("ours", ten);
  const plain = await pipelineUnderLoad("plain", ten);
  const lower = (name: string, unit: string, own: number, peer?: number): BenchCase => ({
    name,
    ours: own,
    peers: peer === undefined ? {} : { plain: peer },
    unit,
    better: "lower",
  });
  return [
    lower("collector 100 × 1,000: CPU for a second of the fleet", "ms", cpuMs(hundred, 100)),
    lower("collector 100 × 1,000: take a picture", "ms", hundred.pictureMs[0]),
    lower("collector 100 × 1,000: in use after 70 s", "MB", hundred.usedMb[0]),
    lower("collector 100 × 1,000: in use 30 s later", "MB", hundred.usedMb[1]),
    lower("collector 10 × 1,000: CPU for a second of the fleet", "ms", cpuMs(ours, 10), cpuMs(plain, 10)),
    lower("collector 10 × 1,000: take a picture", "ms", ours.pictureMs[0], plain.pictureMs[0]),
    lower("collector 10 × 1,000: in use", "MB", ours.usedMb[1], plain.usedMb[1]),
    lower("window closed → picture, p50", "ms", ours.ageMs[0]),
    lower("window closed → picture, p95", "ms", ours.ageMs[1]),
  ];
}

/**
 * What one second's windows of the whole fleet cost, ms of a core. On a machine that has other things to do, fewer than
 * the fleet's windows may have come in a second, which must not pass for thrift.
 */
export function cpuMs({ cpuPercent, windowsPerSecond }: PipelineFigures, gateways: number): number {
  return (cpuPercent * 10 * gateways) / windowsPerSecond;
}

/** Starts the gateways and a collector, each in a process of its own, and resolves to what the collector measured. */
export async function pipelineUnderLoad(kind: "ours" | "plain", load: PipelineLoad): Promise<PipelineFigures> {
  const { gateways, series, distinct = false, warmUpSeconds, seconds } = load;
  const services = Math.max(SERVICES, Math.ceil(series / 20));
  const simulated = run(
    "simulated-gateways.ts",
    gateways,
    series,
    BREAKERS,
    services,
    ...(distinct ? ["distinct"] : []),
  );
  try {
    const port = (await firstLine(simulated)).trim();
    const collector = run("pipeline-load.ts", kind, port, gateways, services, warmUpSeconds, seconds);
    return Figures.parse(JSON.parse(await firstLine(collector)));
  } finally {
    simulated.stdin?.end();
    if (simulated.exitCode === null) await once(simulated, "exit");
  }
}

function run(script: string, ...given: (string | number)[]): ChildProcess {
  const file = join(import.meta.dirname, script);
  // A picture of a thousand gateways needs more than the default heap on small machines.
  const flags = ["--expose-gc", "--max-old-space-size=8192"];
  return spawn(process.execPath, [...flags, file, ...given.map(String)], { stdio: ["pipe", "pipe", "inherit"] });
}

async function firstLine(child: ChildProcess): Promise<string> {
  let text = "";
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    if (text.includes("\n")) return text;
  }
  throw new Error("It ended without a word.");
}

/** `node bench/topology/pipeline-cases.ts [gateways] [series] [distinct]`: the cases; with arguments, that load alone. */
if (import.meta.main) {
  const [gateways, series = SERIES] = process.argv.slice(2, 4).map(Number);
  const distinct = process.argv[4] === "distinct";
  if (gateways === undefined) printCases("pipeline", await pipelineCases());
  else {
    const figures = await pipelineUnderLoad("ours", { gateways, series, distinct, warmUpSeconds: 14, seconds: 12 });
    process.stdout.write(`${JSON.stringify({ load: { gateways, series, distinct }, ...figures })}\n`);
  }
}
