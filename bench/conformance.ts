import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { compareAll, type Row } from "./conformance/compare.ts";
import { conformanceTable, withTable } from "./conformance/table.ts";

/** Where the table is kept. */
const DOCUMENT = join(import.meta.dirname, "..", "docs", "breakers.md");

const rows: Row[] = await compareAll();
const table = conformanceTable(rows);
process.stdout.write(`${table}\n`);
if (process.argv.includes("--write")) await writeFile(DOCUMENT, withTable(await readFile(DOCUMENT, "utf8"), table));
// A comparison, no gate; but of ours nothing may fail.
if (rows.some(({ verdicts }) => verdicts[0]?.kind !== "holds")) process.exitCode = 1;
