import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linearRegex, linearRegexProblem, literalPrefix } from "./linear-regex.ts";

describe("linear regular expressions", () => {
  it("match the whole text, and are the same object when asked for again", () => {
    expect(linearRegex("a+").matches("aaa")).toBe(true);
    expect(linearRegex("a+").matches("aaab")).toBe(false);
    expect(linearRegex("a+")).toBe(linearRegex("a+"));
  });

  it("say why they are none", () => {
    expect(linearRegexProblem("/a/[0-9]+")).toBeNull();
    expect(linearRegexProblem("(a")).toMatch(/RE2/);
    expect(linearRegexProblem("(a)\\1")).toMatch(/RE2/);
  });

  it("take no longer than their text is long", () => {
    expect(linearRegex("(a*)*b").matches("a".repeat(20_000))).toBe(false);
  });
});

describe("the text a pattern begins with", () => {
  it.each([
    ["/img/[0-9]+", "/img/"],
    ["^/img/.*", "/img/"],
    ["/v1\\.2/.*", "/v1.2/"],
    ["/a/(b|c)/d", "/a/"],
    ["/colou?r", "/colo"],
    ["/a+", "/"],
    ["/a[0-9]", "/a"],
    ["/a{0}", "/"],
    ["/a(?i)?", "/"],
    ["/a|/b", ""],
    ["(?i)/a", ""],
    ["/a[|]b", ""],
    ["/a\\Q(\\E|/b", ""],
    [".*", ""],
  ])("%s: %s", (pattern, text) => {
    expect(literalPrefix(pattern)).toBe(text);
  });

  it("begins whatever the pattern matches", () => {
    const piece = fc.constantFrom(
      "a",
      "/",
      "b",
      "\\.",
      ".",
      "*",
      "+",
      "?",
      "{0,1}",
      "(",
      ")",
      "|",
      "[ab]",
      "[|]",
      "^",
      "$",
      "\\Q",
      "\\E",
      "(?i)",
    );
    const text = fc.array(fc.constantFrom("a", "b", "/", ".", "A", "|"), { maxLength: 5 }).map((all) => all.join(""));
    const patterns = fc
      .array(piece, { minLength: 1, maxLength: 7 })
      .map((all) => all.join(""))
      .filter((pattern) => linearRegexProblem(pattern) === null);
    fc.assert(
      fc.property(patterns, fc.array(text, { minLength: 20, maxLength: 40 }), (pattern, texts) => {
        const regex = linearRegex(pattern);
        expect(texts.filter((one) => regex.matches(one) && !one.startsWith(literalPrefix(pattern)))).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });
});
