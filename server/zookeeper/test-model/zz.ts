import { runModel } from "./run-model.ts";
import { REAL } from "./mutants.ts";
const n = Number(process.argv[2] ?? 2000), from = Number(process.argv[3] ?? 1);
const t = (process.cpuUsage().user/1000); const found = new Map<string, number[]>(); let steps = 0;
for (let s = from; s < from + n; s++) { const o = await runModel(s, REAL); steps += o.steps;
  if (o.violation) { const k = o.violation.replace(/\d+/g, "#"); found.set(k, [...(found.get(k) ?? []), s]); } }
console.log("us/run", (((process.cpuUsage().user/1000) - t) * 1000 / n).toFixed(0), "steps/run", steps / n);
for (const [k, v] of found) console.log(v.length, k, v.slice(0, 4));
