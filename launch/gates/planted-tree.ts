import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { HOME } from "../home.ts";
import { gateOf, type GateName } from "./gates.ts";
import { runGate, type GateResult } from "./run-gate.ts";

/** Path of a file, from the root, and what is in it. */
export type Sources = Readonly<Record<string, string>>;

const CONFIGURATION = [
  ".dependency-cruiser.mjs",
  ".oxfmtrc.json",
  ".oxlintrc.json",
  "knip.json",
  "package.json",
  "tsconfig.json",
];

/** All of these files in one tree; no two may have one path. */
export function merge(trees: readonly Sources[]): Sources {
  const all: Record<string, string> = {};
  for (const [path, text] of trees.flatMap((tree) => Object.entries(tree))) {
    if (path in all) throw new Error(`${path} is planted twice.`);
    all[path] = text;
  }
  return all;
}

/**
 * Runs a gate on a small repository in a temporary folder: this one's gate configuration and packages, with these
 * sources, and `extra` arguments for its tool. So gates are tried on faults that must not be in the real tree.
 */
export async function runOnPlanted(name: GateName, sources: Sources, ...extra: string[]): Promise<GateResult> {
  const root = mkdtempSync(join(tmpdir(), "meshkeeper-gates-"));
  try {
    for (const file of CONFIGURATION) cpSync(join(HOME, file), join(root, file));
    symlinkSync(join(HOME, "node_modules"), join(root, "node_modules"));
    for (const [path, text] of Object.entries(sources)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const gate = gateOf(root, name);
    return await runGate(root, { ...gate, calls: gate.calls.map((call) => [...call, ...extra]) });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
