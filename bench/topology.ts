import { report } from "./harness.ts";
import { drawingCases } from "./topology/drawing-cases.ts";

await report("topology", [...(await drawingCases(process.argv[2]))]);
