import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sourceStamp } from "./source-stamp.ts";

let home = "";
beforeEach(() => (home = mkdtempSync(join(tmpdir(), "stamp-"))));
afterEach(() => rmSync(home, { recursive: true }));

function write(name: string, text: string): void {
  mkdirSync(dirname(join(home, name)), { recursive: true });
  writeFileSync(join(home, name), text);
}

describe("sourceStamp", () => {
  beforeEach(() => {
    write("app/page.tsx", "one");
    write("package.json", "{}");
  });
  const stamp = (): string => sourceStamp(home, ["app", "package.json", "not-there"]);

  it("stays the same while contents do, whatever the times of the files", () => {
    const before = stamp();
    utimesSync(join(home, "app/page.tsx"), 1, 1);
    expect(stamp()).toBe(before);
  });

  it.each([
    ["a changed file", () => write("app/page.tsx", "two")],
    ["a new file", () => write("app/deep/new.tsx", "")],
    ["a removed file", () => rmSync(join(home, "app/page.tsx"))],
    ["a file that moved", () => (rmSync(join(home, "app/page.tsx")), write("app/other.tsx", "one"))],
  ])("changes with %s", (_what, change) => {
    const before = stamp();
    change();
    expect(stamp()).not.toBe(before);
  });

  it("is not moved by tests and notes, which are not built", () => {
    const before = stamp();
    write("app/page.test.tsx", "test");
    write("app/README.md", "note");
    expect(stamp()).toBe(before);
  });
});
