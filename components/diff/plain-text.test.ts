import { describe, expect, it } from "vitest";
import { plainText } from "./plain-text.ts";

describe("plainText", () => {
  it("spells out what would turn the text round or hide in it", () => {
    expect(plainText("admin\u202Etxt.exe")).toBe("admin⟨U+202E⟩txt.exe");
    expect(plainText("pay\u200Bments\uFEFF\u0000\u2066")).toBe("pay⟨U+200B⟩ments⟨U+FEFF⟩⟨U+0000⟩⟨U+2066⟩");
    expect(plainText("half \uD800 a pair")).toBe("half ⟨U+D800⟩ a pair");
  });

  it("leaves what can be seen as it is, in every script", () => {
    const words = '<b>Grüße</b>\n\t你好 مرحبا 😀 {"a": 1}';
    expect(plainText(words)).toBe(words);
  });
});
