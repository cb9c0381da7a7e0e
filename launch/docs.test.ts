import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { HOME } from "./home.ts";

const PAGES = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], {
  cwd: HOME,
  encoding: "utf8",
})
  .split("\n")
  .filter((path) => path !== "" && existsSync(join(HOME, path)));

const textOf = (page: string): string => readFileSync(join(HOME, page), "utf8");

/** Anchors of a page: those of its headings, made as GitHub makes them, and those it names. */
function anchorsOf(page: string): Set<string> {
  const headings = [...withoutCode(textOf(page)).matchAll(/^#{1,6} (.+)$/gm)].map(([, title = ""]) =>
    title
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .trim()
      .replaceAll(" ", "-"),
  );
  const named = [...textOf(page).matchAll(/<a id="([^"]+)">/g)].map(([, id = ""]) => id);
  return new Set([...headings, ...named]);
}

function withoutCode(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```/gm, "");
}

/** What is wrong with the links of a text that stands in `page`, each with its target. */
function deadLinks(page: string, text: string): string[] {
  const targets = [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
  return targets.filter((target) => {
    if (/^[a-z]+:/.test(target)) return false;
    const [path = "", anchor] = target.split("#");
    const file = path === "" ? page : normalize(join(dirname(page), path));
    if (!existsSync(join(HOME, file))) return true;
    return anchor !== undefined && !anchorsOf(file).has(anchor);
  });
}

const Manifest = z.object({ scripts: z.record(z.string(), z.string()) });
const SCRIPTS = new Set(Object.keys(Manifest.parse(JSON.parse(textOf("package.json"))).scripts));
const HELP = execFileSync(process.execPath, ["launch/bootstrap.mjs", "--help"], { cwd: HOME, encoding: "utf8" });
const COMMANDS = new Set([...HELP.matchAll(/^ {2}([a-z-]+) /gm)].map(([, name]) => name));

/** Commands of ours that a text names and that do not exist. */
function unknownCommands(text: string): string[] {
  const scripts = [...text.matchAll(/npm run ([a-z:-]*[a-z])/g)].filter(([, name = ""]) => !SCRIPTS.has(name));
  const commands = [...text.matchAll(/(?:npx meshkeeper|bootstrap\.mjs) ([a-z][a-z-]*)/g)].filter(
    ([, name]) => !COMMANDS.has(name),
  );
  return [...scripts, ...commands].map(([words]) => words);
}

describe("the documentation", () => {
  it.each(PAGES)("%s leads nowhere that does not exist, and names no command that does not", (page) => {
    expect(deadLinks(page, textOf(page))).toEqual([]);
    expect(unknownCommands(textOf(page))).toEqual([]);
  });

  it("would be refused with a dead link, a dead anchor or a command that is gone", () => {
    expect(deadLinks("README.md", "[a](docs/gone.md) [b](docs/scale.md#gone) [c](#run-it) [d](https://a.b/)")).toEqual([
      "docs/gone.md",
      "docs/scale.md#gone",
    ]);
    expect(unknownCommands("`npm run gone`, `npm run soak:publishing`, `npx meshkeeper gone`")).toEqual([
      "npm run gone",
      "npx meshkeeper gone",
    ]);
  });
});
