import { printCases, report } from "./harness.ts";
import { drawingCases } from "./topology/drawing-cases.ts";

/** A part of the names of cases: only those are measured, and the last whole run's results stay. */
const only = process.argv[2];
const cases = await drawingCases(only);

if (only === undefined) await report("topology", cases);
else printCases("topology", cases);
