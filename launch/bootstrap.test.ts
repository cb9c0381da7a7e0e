import { describe, expect, it } from "vitest";
import { installedAsLocked, nodeIsRecentEnough } from "./bootstrap.mjs";

const lock = (packages: object): string => JSON.stringify({ packages });

describe("installedAsLocked", () => {
  const wanted = lock({
    "": {},
    "node_modules/a": { version: "1.0.0" },
    "node_modules/b": { version: "2.0.0", optional: true },
  });

  it("accepts what npm recorded when every package has the locked version", () => {
    expect(
      installedAsLocked(
        wanted,
        lock({ "node_modules/a": { version: "1.0.0" }, "node_modules/b": { version: "2.0.0" } }),
      ),
    ).toBe(true);
  });

  it("does not miss optional packages, which are for other platforms", () => {
    expect(installedAsLocked(wanted, lock({ "node_modules/a": { version: "1.0.0" } }))).toBe(true);
  });

  it("notices another version", () => {
    expect(installedAsLocked(wanted, lock({ "node_modules/a": { version: "1.0.1" } }))).toBe(false);
  });

  it("notices a package that is not there", () => {
    expect(installedAsLocked(wanted, lock({}))).toBe(false);
  });

  it("takes a record that is missing or half written for no installation", () => {
    expect(installedAsLocked(wanted, "")).toBe(false);
    expect(installedAsLocked(wanted, '{"packages": {"node_mod')).toBe(false);
  });
});

describe("nodeIsRecentEnough", () => {
  it("starts at Node 20", () => {
    expect(nodeIsRecentEnough("18.20.8")).toBe(false);
    expect(nodeIsRecentEnough("20.0.0")).toBe(true);
    expect(nodeIsRecentEnough("24.21.0")).toBe(true);
  });
});
