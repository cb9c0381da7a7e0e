import { describe, expect, it } from "vitest";
import { merge, runOnPlanted, type Sources } from "./planted-tree.ts";

/** What the compiler must hold → a file that breaks it, with the error it must be given. */
const CASES: Readonly<Record<string, { readonly error: string; readonly bad: Sources }>> = {
  "a value of another type": { error: "TS2322", bad: { "server/domain/type.ts": 'export const n: number = "1";\n' } },
  "noUncheckedIndexedAccess: an element that may be missing": {
    error: "TS2322",
    bad: { "server/domain/index-access.ts": "export const first = (list: number[]): number => list[0];\n" },
  },
  "exactOptionalPropertyTypes: undefined is not absence": {
    error: "TS2375",
    bad: { "server/domain/optional.ts": "export const o: { a?: number } = { a: undefined };\n" },
  },
  "noImplicitOverride: an override that does not say so": {
    error: "TS4114",
    bad: {
      "server/domain/override.ts":
        "class A {\n  f(): number {\n    return 1;\n  }\n}\nexport class B extends A {\n  f(): number {\n    return 2;\n  }\n}\n",
    },
  },
  "verbatimModuleSyntax: a type imported as a value": {
    error: "TS1484",
    bad: {
      "server/domain/verbatim.ts": 'import { Server } from "./server.ts";\nexport type T = Server;\n',
    },
  },
  "erasableSyntaxOnly: syntax that Node cannot strip": {
    error: "TS1294",
    bad: {
      "server/domain/enum.ts": "export enum Kind {\n  Open,\n}\n",
      "server/domain/property.ts": "export class A {\n  constructor(readonly a: number) {}\n}\n",
    },
  },
  "noFallthroughCasesInSwitch: a case that runs into the next": {
    error: "TS7029",
    bad: {
      "server/domain/fall.ts":
        "export function f(n: number): number {\n  let m = 0;\n  switch (n) {\n    case 1:\n      m = 1;\n    case 2:\n      m = 2;\n  }\n  return m;\n}\n",
    },
  },
  "noUnusedLocals: what nobody reads": {
    error: "TS6133",
    bad: { "server/domain/local.ts": "const a = 1;\nexport {};\n" },
  },
};

const SOUND: Sources = { "server/domain/server.ts": "export interface Server {\n  a: 1;\n}\n" };

describe("types", () => {
  it("fires on every planted violation", async () => {
    const result = await runOnPlanted("types", merge([SOUND, ...Object.values(CASES).map(({ bad }) => bad)]));
    expect(result.ok).toBe(false);
    for (const [name, { error, bad }] of Object.entries(CASES)) {
      for (const file of Object.keys(bad)) {
        const ofFile = result.output.split("\n").filter((line) => line.startsWith(`${file}(`));
        expect(ofFile.join("\n"), name).toContain(error);
      }
    }
  }, 60_000);

  it("passes sound sources, in which imports carry .ts and use the aliases of package.json", async () => {
    const result = await runOnPlanted("types", {
      "server/domain/route.ts": "export const limit = 1;\n",
      "server/control/edit.ts": 'import { limit } from "#domain/route.ts";\nexport const twice = limit * 2;\n',
    });
    expect(result).toMatchObject({ ok: true, output: "" });
  }, 60_000);
});
