import { describe, expect, it } from "vitest";
import { runOnPlanted } from "./planted-tree.ts";

const LINE = `export const sentence = "${"a".repeat(93)}";`;

describe("format", () => {
  it("fires on sources that are laid out otherwise", async () => {
    const result = await runOnPlanted("format", {
      "server/domain/quotes.ts": "export const a = 'a'\n",
      "components/wide.tsx": "export const Wide = () => <p   >a</p>\n",
      "app/loose.css": "p{color:red}\n",
      "launch/settings.json": '{"a":1}\n',
      "launch/first.mjs": "export const a = 1; export const b = 2\n",
    });
    expect(result.ok).toBe(false);
    for (const file of ["quotes.ts", "wide.tsx", "loose.css", "settings.json", "first.mjs"]) {
      expect(result.output).toContain(`/${file}`);
    }
  });

  it("passes what it has written, in lines of up to 120", async () => {
    expect(LINE).toHaveLength(120);
    const result = await runOnPlanted("format", { "server/domain/wide.ts": `${LINE}\n` });
    expect(result.output).not.toContain("wide.ts");
    expect(result.ok).toBe(true);
  });
});
