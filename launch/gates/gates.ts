import { existsSync } from "node:fs";
import { join } from "node:path";

/** A command of node_modules/.bin and its arguments. */
export type ToolCall = readonly [tool: string, ...args: string[]];

export type GateName = "types" | "lint" | "unused" | "rings" | "format";

/** One thing the sources must satisfy. */
export interface Gate<Name extends string = string> {
  readonly name: Name;
  /** What it holds, for people. */
  readonly title: string;
  /** Run one after another; the first that fails is the gate's verdict. */
  readonly calls: readonly ToolCall[];
}

const SOURCES = ["app", "components", "server", "launch", "demo", "bench", "e2e", "prisma"];

/** All gates, slowest first. */
export const GATES: readonly GateName[] = ["types", "lint", "unused", "rings", "format"];

/** A gate of the repository in folder `root`; the configuration files there decide what it holds. */
export function gateOf(root: string, name: GateName): Gate<GateName> {
  switch (name) {
    case "types":
      // Next's types of the routes are not kept in git; without them a page's parameters would go unchecked.
      return {
        name,
        title: "the TypeScript compiler",
        calls: [
          ...(existsSync(join(root, "app")) ? [["next", "typegen"] satisfies ToolCall] : []),
          ["tsc", "--project", ".", "--noEmit", "--incremental", "false"],
        ],
      };
    case "lint":
      return { name, title: "oxlint, with types (.oxlintrc.json)", calls: [["oxlint"]] };
    case "unused":
      return {
        name,
        title: "files, exports and packages that nobody uses (knip.json)",
        calls: [["knip", "--no-progress"]],
      };
    case "rings":
      return {
        name,
        title: "the dependency rule (.dependency-cruiser.mjs)",
        calls: [
          [
            "depcruise",
            "--config",
            ".dependency-cruiser.mjs",
            "--output-type",
            "err-long",
            ...SOURCES.filter((folder) => existsSync(join(root, folder))),
          ],
        ],
      };
    case "format":
      return { name, title: "oxfmt (.oxfmtrc.json)", calls: [["oxfmt", "--check"]] };
  }
}

/** The unit tests, as a gate. */
export const UNIT_TESTS: Gate = {
  name: "unit",
  title: "the unit tests",
  calls: [["vitest", "run", "--project", "unit", "--reporter", "dot"]],
};
