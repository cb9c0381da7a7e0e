import { beforeAll, describe, expect, it } from "vitest";
import { merge, runOnPlanted, type Sources } from "./planted-tree.ts";

const LINES = (count: number): string => `export const a = 1;\n${"// A line.\n".repeat(count - 1)}`;

/** Rule → a file that breaks it, and the same kind of file that does not. */
const CASES: Readonly<Record<string, { readonly bad: Sources; readonly good: Sources }>> = {
  "typescript(no-floating-promises)": {
    bad: { "server/gateway/floating.ts": "const later = async () => 1;\nexport function f(): void {\n  later();\n}\n" },
    good: { "server/gateway/held.ts": "const later = async () => 1;\nexport const f = async () => await later();\n" },
  },
  "typescript(no-misused-promises)": {
    bad: { "server/gateway/misused.ts": "export const each = (list: number[]) => list.forEach(async () => {});\n" },
    good: {
      "server/gateway/used.ts": "export const all = (list: number[]) => Promise.all(list.map(async () => 1));\n",
    },
  },
  "typescript(no-explicit-any)": {
    bad: { "server/gateway/any.ts": "export const take = (value: any): boolean => value === 1;\n" },
    good: { "server/gateway/unknown.ts": "export const take = (value: unknown): boolean => value === 1;\n" },
  },
  "typescript(no-unsafe-assignment)": {
    bad: {
      "server/gateway/unsafe.ts":
        "export const read = (text: string): void => {\n  const x = JSON.parse(text);\n  String(x);\n};\n",
    },
    good: {
      "server/gateway/safe.ts":
        "export const read = (text: string): void => {\n  const x: unknown = JSON.parse(text);\n  void x;\n};\n",
    },
  },
  "typescript(no-non-null-assertion)": {
    bad: { "server/gateway/bang.ts": "export const first = (list: readonly number[]): number => list[0]!;\n" },
    good: { "server/gateway/checked.ts": "export const first = (list: readonly number[]): number => list[0] ?? 0;\n" },
  },
  "typescript(switch-exhaustiveness-check)": {
    bad: {
      "server/domain/partial.ts":
        'export function f(kind: "open" | "closed"): void {\n  switch (kind) {\n    case "open":\n      break;\n  }\n}\n',
    },
    good: {
      "server/domain/whole.ts":
        'export function f(kind: "open" | "closed"): number {\n  switch (kind) {\n    case "open":\n      return 1;\n    case "closed":\n      return 0;\n  }\n}\n',
    },
  },
  "typescript(consistent-type-imports)": {
    bad: { "server/domain/late.ts": 'import { z } from "zod";\nexport type Schema = z.ZodType;\n' },
    good: { "server/domain/typed.ts": 'import type { z } from "zod";\nexport type Schema = z.ZodType;\n' },
  },
  "typescript(no-import-type-side-effects)": {
    bad: { "server/domain/inline.ts": 'import { type z } from "zod";\nexport type Schema = z.ZodType;\n' },
    good: {
      "server/domain/outline.ts":
        'import { z, type ZodType } from "zod";\nexport const schema: ZodType = z.string();\n',
    },
  },
  "eslint(max-lines)": {
    bad: { "server/domain/long.ts": LINES(301), "server/domain/long.test.ts": LINES(501) },
    good: { "server/domain/short.ts": LINES(300), "server/domain/short.test.ts": LINES(500) },
  },
  "import(no-default-export)": {
    bad: { "components/ui/default.tsx": "export default function Box() {\n  return null;\n}\n" },
    good: { "app/page.tsx": "export default function Page() {\n  return null;\n}\n" },
  },
  "unicorn(filename-case)": {
    bad: { "server/domain/camelCase.ts": "export const a = 1;\n", "components/ui/Button.tsx": "export const a = 1;\n" },
    good: { "server/domain/kebab-case.ts": "export const a = 1;\n" },
  },
  "eslint(no-restricted-imports)": {
    bad: {
      "server/control/env-imported.ts": 'import { env } from "node:process";\nexport const home = env["HOME"];\n',
    },
    good: { "server/control/pid.ts": "export const pid = process.pid;\n" },
  },
  "eslint(no-console)": {
    bad: {
      "server/gateway/print.ts": 'export const say = (): void => console.log("x");\n',
      "components/ui/print.ts": 'export const say = (): void => console.log("x");\n',
    },
    good: { "demo/print.ts": 'export const say = (): void => console.log("x");\n' },
  },
  "eslint(no-restricted-properties)": {
    bad: {
      "server/control/env.ts": 'export const home = process.env["HOME"];\n',
      "components/ui/env.ts": 'export const home = process.env["HOME"];\n',
      "server/control/env-taken-apart.ts": "export const { env } = process;\n",
      "server/domain/only.test.ts": 'import { expect, it } from "vitest";\nit.only("a", () => expect(1).toBe(1));\n',
      "server/domain/skip.test.ts": 'import { expect, it } from "vitest";\nit.skip("a", () => expect(1).toBe(1));\n',
      "server/domain/skip-if.int.test.ts":
        'import { expect, it } from "vitest";\nit.skipIf(true)("a", () => expect(1).toBe(1));\n',
      "e2e/routes/fixme.spec.ts":
        'import { expect, test } from "@playwright/test";\ntest.fixme("a", () => expect(1).toBe(1));\n',
    },
    good: {
      "server/main/console.ts": 'export const home = process.env["HOME"];\n',
      "server/domain/run.test.ts": 'import { expect, it } from "vitest";\nit("a", () => expect(1).toBe(1));\n',
    },
  },
  "vitest(expect-expect)": {
    bad: { "server/domain/idle.test.ts": 'import { it } from "vitest";\nit("a", () => void 0);\n' },
    good: { "server/domain/busy.test.ts": 'import { expect, it } from "vitest";\nit("a", () => expect(1).toBe(1));\n' },
  },
  "eslint(no-empty)": {
    bad: {
      "server/gateway/swallow.ts": "export function f(g: () => void): void {\n  try {\n    g();\n  } catch {}\n}\n",
    },
    good: {
      "server/gateway/excuse.ts":
        "export function f(g: () => void): void {\n  try {\n    g();\n  } catch {\n    // Gone already.\n  }\n}\n",
    },
  },
  "react-hooks(rules-of-hooks)": {
    bad: {
      "components/ui/hook.tsx":
        'import { useState } from "react";\nexport function Box({ on }: { on: boolean }) {\n  if (on) useState(1);\n  return null;\n}\n',
    },
    good: {
      "components/ui/hooked.tsx":
        'import { useState } from "react";\nexport function Box() {\n  const [n] = useState(1);\n  return <p>{n}</p>;\n}\n',
    },
  },
  "react-hooks(exhaustive-deps)": {
    bad: {
      "components/ui/deps.tsx":
        'import { useEffect } from "react";\nexport function Box({ name }: { name: string }) {\n  useEffect(() => {\n    document.title = name;\n  }, []);\n  return null;\n}\n',
    },
    good: {
      "components/ui/all-deps.tsx":
        'import { useEffect } from "react";\nexport function Box({ name }: { name: string }) {\n  useEffect(() => {\n    document.title = name;\n  }, [name]);\n  return null;\n}\n',
    },
  },
  "jsx-a11y(alt-text)": {
    bad: { "components/ui/picture.tsx": 'export const Picture = () => <img src="/a.png" />;\n' },
    good: { "components/ui/text.tsx": "export const Text = () => <p>a</p>;\n" },
  },
  "next(no-html-link-for-pages)": {
    bad: { "components/ui/link.tsx": 'export const Away = () => <a href="/page">a</a>;\n' },
    good: { "components/ui/out.tsx": 'export const Away = () => <a href="https://example.com/">a</a>;\n' },
  },
  "next(no-img-element)": {
    bad: { "components/ui/image.tsx": 'export const Picture = () => <img src="/a.png" alt="A" />;\n' },
    good: { "components/ui/figure.tsx": "export const Figure = () => <figure>a</figure>;\n" },
  },
  "oxc(only-used-in-recursion)": {
    bad: {
      "server/domain/recursion.ts":
        "export const f = (n: number, unused: number): number => (n === 0 ? 0 : f(n - 1, unused));\n",
    },
    good: { "server/domain/recursive.ts": "export const f = (n: number): number => (n === 0 ? 0 : f(n - 1));\n" },
  },
};

/** One line for each finding: `file:line:column: message [Error/plugin(rule)]`. */
const ONE_LINE_EACH = "--format=unix";

describe("lint", () => {
  let findings: readonly string[];

  beforeAll(async () => {
    const result = await runOnPlanted("lint", merge(Object.values(CASES).map(({ bad }) => bad)), ONE_LINE_EACH);
    expect(result.ok).toBe(false);
    findings = result.output.split("\n");
  }, 60_000);

  it.each(Object.entries(CASES))("%s fires on a planted violation", (rule, { bad }) => {
    for (const file of Object.keys(bad)) {
      const ofFile = findings.filter((line) => line.startsWith(`${file}:`));
      expect(ofFile.join("\n"), file).toContain(`[Error/${rule}]`);
    }
  });

  it("passes a tree that keeps every rule", async () => {
    const result = await runOnPlanted("lint", merge(Object.values(CASES).map(({ good }) => good)), ONE_LINE_EACH);
    expect(result).toMatchObject({ output: "", ok: true });
  }, 60_000);
});
