import { describe, expect, it } from "vitest";
import { runOnPlanted } from "./planted-tree.ts";

/** Only what knip says about files, exports and imports: a tree of three files uses few of the packages we list. */
const SOURCES_ONLY = ["--include", "files,exports,types,unlisted,unresolved,duplicates,enumMembers"];

describe("unused", () => {
  it("fires on a file, an export, a type and a package that nobody uses or lists", async () => {
    const result = await runOnPlanted("unused", {
      "server/main/console.ts": 'import { used } from "#domain/things.ts";\nprocess.exitCode = used;\n',
      "server/domain/things.ts": "export const used = 1;\nexport const idle = 2;\nexport type IdleType = string;\n",
      "server/domain/orphan.ts": "export const a = 1;\n",
      "server/domain/lost.test.ts": 'import "./nowhere.ts";\n',
      "server/db/client.ts": 'import "acorn";\n',
      "server/main/gateway.ts": 'import "#db/client.ts";\n',
    });
    expect(result.ok).toBe(false);
    expect(section(result.output, "Unused files")).toContain("server/domain/orphan.ts");
    expect(section(result.output, "Unused exports")).toMatch(/^idle /m);
    expect(section(result.output, "Unused exports")).not.toMatch(/^used /m);
    expect(section(result.output, "Unused exported types")).toMatch(/^IdleType /m);
    expect(section(result.output, "Unlisted dependencies")).toContain("acorn");
    expect(section(result.output, "Unresolved imports")).toContain("./nowhere.ts");
    expect(section(result.output, "Unused dependencies")).toMatch(/^pg /m);
    expect(section(result.output, "Unused devDependencies")).toMatch(/^opossum /m);
  }, 60_000);

  it("passes when all of it is used, be it by a test only", async () => {
    const result = await runOnPlanted(
      "unused",
      {
        "server/main/console.ts": 'import { used } from "#domain/things.ts";\nprocess.exitCode = used;\n',
        "server/domain/things.ts": "export const used = 1;\nexport const tested = 2;\n",
        "server/domain/things.test.ts":
          'import { expect, it } from "vitest";\nimport { tested } from "./things.ts";\nit("a", () => expect(tested).toBe(2));\n',
      },
      ...SOURCES_ONLY,
      "--no-config-hints",
    );
    expect(result).toMatchObject({ ok: true, output: "" });
  }, 60_000);
});

/** The lines below a heading such as `Unused files (3)`. */
function section(output: string, heading: string): string {
  const [, after = ""] = output.split(new RegExp(`^${heading} \\(\\d+\\)\\n`, "m"));
  return after.split(/^[A-Z].* \(\d+\)$/m)[0] ?? "";
}
