import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";

/** Files of bench/ that are not areas. */
const MACHINERY = new Set(["harness", "measure", "run"]);

const files = (await readdir(import.meta.dirname)).filter((file) => file.endsWith(".ts") && !file.includes(".test."));
const areas = files.map((file) => basename(file, ".ts")).filter((name) => !MACHINERY.has(name));
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !areas.includes(name));

if (unknown.length > 0) {
  process.stderr.write(`There is no bench ${unknown.join(", ")}. Areas: ${areas.join(", ")}.\n`);
  process.exitCode = 2;
} else {
  const failed: string[] = [];
  for (const area of wanted.length > 0 ? wanted : areas) {
    if (!(await runArea(area))) failed.push(area);
  }
  if (failed.length > 0) process.stderr.write(`\nFailed: ${failed.join(", ")}.\n`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

/** Runs one area in a process of its own, so that none inherits what another compiled, allocated or left open. */
function runArea(area: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, `${area}.ts`)], { stdio: "inherit" });
    child.once("error", () => resolve(false));
    child.once("close", (code) => resolve(code === 0));
  });
}
