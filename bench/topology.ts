import { printCases, report, type BenchCase } from "./harness.ts";
import { drawingCases } from "./topology/drawing-cases.ts";
import { freshnessCases } from "./topology/freshness-cases.ts";
import { layoutCases } from "./topology/layout-cases.ts";
import { pipelineCases } from "./topology/pipeline-cases.ts";
import { recordingCases } from "./topology/recording-cases.ts";

/** Each measures ours beside its peers. `npm run bench:topology -- layout drawing` runs only those. */
const PARTS: Readonly<Record<string, () => Promise<BenchCase[]>>> = {
  pipeline: pipelineCases,
  recording: recordingCases,
  layout: layoutCases,
  drawing: () => drawingCases(),
  freshness: freshnessCases,
};

const wanted = process.argv.slice(2);
const chosen = wanted.length === 0 ? Object.keys(PARTS) : wanted;
const cases: BenchCase[] = [];
for (const name of chosen) {
  const part = PARTS[name];
  if (part === undefined) throw new Error(`There is no part "${name}". There are: ${Object.keys(PARTS).join(", ")}.`);
  process.stdout.write(`${name} …\n`);
  cases.push(...(await part()));
}
if (wanted.length === 0) await report("topology", cases);
else printCases("topology", cases, (text) => void process.stdout.write(text));
