import { existsSync } from "node:fs";
import { join } from "node:path";

/** A command of node_modules/.bin and its arguments. */
export type ToolCall = readonly [tool: string, ...args: string[]];

/** One thing the sources must satisfy. */
export interface Gate {
  readonly name: string;
  /** What it holds, for people. */
  readonly title: string;
  /** Run one after another; the first that fails is the gate's verdict. */
  readonly calls: readonly ToolCall[];
}

const SOURCES = ["app", "components", "server", "launch", "demo", "bench", "e2e", "prisma"];

/** The gates of the repository in folder `root`, slowest first; its own configuration files decide what they hold. */
export function gatesOf(root: string): readonly Gate[] {
  const sources = SOURCES.filter((folder) => existsSync(join(root, folder)));
  // Next's types of the routes are not kept in git; without them a page's parameters would go unchecked.
  const routeTypes: ToolCall[] = sources.includes("app") ? [["next", "typegen"]] : [];
  return [
    {
      name: "types",
      title: "the TypeScript compiler",
      calls: [...routeTypes, ["tsc", "--project", ".", "--noEmit", "--incremental", "false"]],
    },
    { name: "lint", title: "oxlint, with types (.oxlintrc.json)", calls: [["oxlint"]] },
    {
      name: "unused",
      title: "files, exports and packages nobody uses (knip.json)",
      calls: [["knip", "--no-progress"]],
    },
    {
      name: "rings",
      title: "the dependency rule (.dependency-cruiser.mjs)",
      calls: [["depcruise", "--config", ".dependency-cruiser.mjs", "--output-type", "err-long", ...sources]],
    },
    { name: "format", title: "oxfmt (.oxfmtrc.json)", calls: [["oxfmt", "--check"]] },
  ];
}

/** The unit tests, as a gate. */
export const UNIT_TESTS: Gate = {
  name: "unit",
  title: "the unit tests",
  calls: [["vitest", "run", "--project", "unit", "--reporter", "dot"]],
};
