import { REQUEST_CORPUS } from "../test-bed/corpus/request-corpus.ts";
import { tryRequest } from "../test-bed/corpus/request-trial.ts";
import { RESPONSE_CORPUS } from "../test-bed/corpus/response-corpus.ts";
import { ResponseBench, tryResponse } from "../test-bed/corpus/response-trial.ts";
import { TrialMesh } from "../test-bed/corpus/trial-mesh.ts";
import { fuzzRequests, type FuzzReport } from "../test-bed/fuzz/request-fuzz.ts";
import { fuzzResponses } from "../test-bed/fuzz/response-fuzz.ts";
import { stalledClients, vanishingClients } from "../test-bed/load/hostile-clients.ts";
import { reloadStorm } from "../test-bed/load/reload-storm.ts";
import { drain, rollingRestart } from "../test-bed/load/rolling-restart.ts";
import { findNginx, fuzzBeforeNginx } from "./nginx.ts";

/** What one part of the soak came to. */
interface Outcome {
  readonly figures: Readonly<Record<string, string | number>>;
  /** Nothing of this may happen. */
  readonly failures: readonly string[];
}

/** `npm run soak -- [seconds for each timed part] [seed]` */
const seconds = Number(process.argv[2] ?? 60);
const seed = Number(process.argv[3] ?? Math.floor(Math.random() * 1_000_000));
const forMs = seconds * 1000;
/** Every place at which a case can be cut in two, for all but the few that are longer. */
const CUTS = 1000;
const MEGABYTE = 1024 * 1024;

const PARTS: Readonly<Record<string, () => Promise<Outcome>>> = {
  "request corpus": async () => {
    const trial = await TrialMesh.start();
    const failures: string[] = [];
    for (const one of REQUEST_CORPUS)
      for (const wrong of await tryRequest(trial, one, { cuts: CUTS })) failures.push(`${one.name}: ${wrong}`);
    await trial.stop();
    return { figures: { cases: REQUEST_CORPUS.length }, failures };
  },
  "response corpus": async () => {
    const bench = await ResponseBench.start();
    const failures: string[] = [];
    for (const one of RESPONSE_CORPUS)
      for (const wrong of await tryResponse(bench, one, CUTS)) failures.push(`${one.name}: ${wrong}`);
    await bench.stop();
    return { figures: { cases: RESPONSE_CORPUS.length }, failures };
  },
  "request fuzz beside llhttp": async () => fuzzed(await fuzzRequests({ seed, forMs, lanes: 8 })),
  "response fuzz beside llhttp": async () => fuzzed(await fuzzResponses({ seed, forMs, lanes: 8 })),
  "request fuzz before nginx": async () => {
    const program = findNginx();
    if (program === null) return { figures: { nginx: "not installed" }, failures: [] };
    const { findings, ...figures } = await fuzzBeforeNginx(program, seed, forMs);
    return { figures, failures: findings };
  },
  "reload storm": async () => {
    const { swaps, answered, failures } = await reloadStorm(forMs, 32);
    return { figures: { swaps, answered }, failures };
  },
  "drain, 20 times": async () => {
    const tallies = [];
    for (let index = 0; index < 20; index += 1) tallies.push(await drain(500, 32));
    const answered = tallies.reduce((sum, tally) => sum + tally.answered, 0);
    return { figures: { answered }, failures: tallies.flatMap(({ failures }) => failures) };
  },
  "rolling restart, two gateways": async () => {
    const { restarts, answered, failures } = await rollingRestart(Math.max(10, seconds), 32);
    return { figures: { restarts, answered }, failures };
  },
  "100 stalled clients": async () => {
    const { rss, buffers } = await stalledClients(100, 3000);
    const figures = { "rss MB": Math.round(rss / MEGABYTE), "buffers MB": Math.round(buffers / MEGABYTE) };
    return { figures, failures: buffers > 50 * MEGABYTE ? ["more than 0.5 MB for each client"] : [] };
  },
  "1,000 clients vanish": async () => {
    const { before, after, stuck, failures } = await vanishingClients(1000, 1000);
    const figures = { "before /s": Math.round(before), "within 5 s /s": Math.round(after), stuck };
    const late = after < before * 0.95 ? ["throughput was not back at 95 % within 5 s"] : [];
    return { figures, failures: [...failures, ...late, ...(stuck > 0 ? [`${stuck} calls are stuck`] : [])] };
  },
};

function fuzzed({ findings, ...figures }: FuzzReport): Outcome {
  return { figures: { ...figures }, failures: findings };
}

process.stdout.write(`seed ${seed}; ${seconds} s for each timed part\n\n`);
let failed = 0;
for (const [name, part] of Object.entries(PARTS)) {
  const startedMs = performance.now();
  const { figures, failures } = await part();
  const took = ((performance.now() - startedMs) / 1000).toFixed(1);
  const shown = Object.entries(figures).map(([figure, value]) => `${figure} ${value}`);
  process.stdout.write(`${failures.length === 0 ? "✓" : "✗"} ${name.padEnd(32)} ${shown.join(", ")} (${took} s)\n`);
  for (const failure of failures.slice(0, 10)) process.stdout.write(`    ${failure}\n`);
  failed += failures.length;
}
process.exitCode = failed === 0 ? 0 : 1;
