import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { HOME } from "./home.ts";
import { completed, missingPackages, parseLockFile, type LockFile } from "./lock-file.ts";

const partial: LockFile = {
  packages: {
    "": {},
    "node_modules/tool": {
      version: "1.2.3",
      dev: true,
      optionalDependencies: { "@tool/linux-x64-musl": "1.2.3", "@tool/darwin-arm64": "1.2.3" },
    },
    "node_modules/tool/node_modules/@tool/darwin-arm64": { version: "1.2.3" },
  },
};

describe("package-lock.json", () => {
  it("describes the packages for every platform, or `npm ci` would refuse it (npm run complete-lock mends it)", () => {
    expect(missingPackages(parseLockFile(readFileSync(join(HOME, "package-lock.json"), "utf8")))).toEqual([]);
  });
});

describe("missingPackages", () => {
  it("finds what is asked for and not described, looking beside the package and above", () => {
    expect(missingPackages(partial)).toEqual([{ name: "@tool/linux-x64-musl", version: "1.2.3", dev: true }]);
  });
});

describe("completed", () => {
  it("adds what is missing for the platform its name says, and changes nothing else", () => {
    const lock = completed(partial);
    expect(missingPackages(lock)).toEqual([]);
    expect(lock.packages["node_modules/@tool/linux-x64-musl"]).toEqual({
      version: "1.2.3",
      resolved: "https://registry.npmjs.org/@tool/linux-x64-musl/-/linux-x64-musl-1.2.3.tgz",
      cpu: ["x64"],
      dev: true,
      optional: true,
      os: ["linux"],
      libc: ["musl"],
    });
    expect(lock.packages["node_modules/tool"]).toBe(partial.packages["node_modules/tool"]);
  });
});
