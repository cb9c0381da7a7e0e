import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { HOME } from "../home.ts";

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

/**
 * Makes a small repository in a temporary folder, with this one's gate configuration and packages and with these
 * sources, so that gates can be tried on faults that must not be in the real tree. The caller removes it.
 */
export function plantTree(sources: Sources): { readonly root: string; remove(): void } {
  const root = mkdtempSync(join(tmpdir(), "meshkeeper-gates-"));
  for (const file of CONFIGURATION) cpSync(join(HOME, file), join(root, file));
  symlinkSync(join(HOME, "node_modules"), join(root, "node_modules"));
  for (const [path, text] of Object.entries(sources)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}
