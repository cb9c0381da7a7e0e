import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";

/** Files of bench/ that are not areas; `conformance` compares what breakers do, not how fast. */
const MACHINERY = new Set(["conformance", "harness", "measure", "run"]);
/** What an area ends with when the machine was too busy for its figures to mean anything. */
const TOO_NOISY = 3;

const files = (await readdir(import.meta.dirname)).filter((file) => file.endsWith(".ts") && !file.includes(".test."));
const areas = files.map((file) => basename(file, ".ts")).filter((name) => !MACHINERY.has(name));
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !areas.includes(name));

if (unknown.length > 0) {
  process.stderr.write(`There is no bench ${unknown.join(", ")}. Areas: ${areas.join(", ")}.\n`);
  process.exitCode = 2;
} else {
  const failed: string[] = [];
  const noisy: string[] = [];
  for (const area of wanted.length > 0 ? wanted : areas) {
    const code = await runArea(area);
    if (code !== 0) (code === TOO_NOISY ? noisy : failed).push(area);
  }
  if (failed.length > 0) process.stderr.write(`\nFailed: ${failed.join(", ")}.\n`);
  if (noisy.length > 0) process.stderr.write(`\nToo noisy: ${noisy.join(", ")}.\n`);
  process.exitCode = failed.length > 0 ? 1 : noisy.length > 0 ? TOO_NOISY : 0;
}

/** Runs one area in a process of its own, so that none inherits what another compiled, allocated or left open; resolves to its exit code. */
function runArea(area: string): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, `${area}.ts`)], { stdio: "inherit" });
    child.once("error", () => resolve(null));
    child.once("close", resolve);
  });
}
