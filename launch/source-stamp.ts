import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";

/** What `next build` depends on: the pages, the one ring of the server they may import, and what configures the build. */
export const BUILD_INPUTS = [
  "app",
  "components",
  "public",
  "server/domain",
  "next.config.ts",
  "postcss.config.mjs",
  "tsconfig.json",
  "package.json",
  "package-lock.json",
] as const;

/** Tests and notes change nothing of what is built. */
const IGNORED = /(?:\.test\.tsx?|\.md)$/;

/** SHA-256, hex, over names and contents of the files below the inputs. Inputs that do not exist count as empty. */
export function sourceStamp(home: string, inputs: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of inputs.flatMap((input) => filesBelow(join(home, input)))) {
    const name = relative(home, path);
    if (IGNORED.test(name)) continue;
    const content = readFileSync(path);
    hash.update(`${name}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

function filesBelow(path: string): string[] {
  const kind = statSync(path, { throwIfNoEntry: false });
  if (kind === undefined) return [];
  if (!kind.isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesBelow(join(path, name)));
}
