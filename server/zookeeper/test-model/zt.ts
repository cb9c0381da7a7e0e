import { runModel } from "./run-model.ts";
import { REAL } from "./mutants.ts";
const o = await runModel(Number(process.argv[2]), REAL, undefined, (l) => console.log(l)); console.log(o);
