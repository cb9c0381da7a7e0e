import { describe, expect, it } from "vitest";
import { selfTimes, selfTimesByFile, type CpuProfile } from "./cpu-profile.ts";

const frame = (id: number, functionName: string, url = "", lineNumber = -1): CpuProfile["nodes"][number] => ({
  id,
  callFrame: { functionName, url, lineNumber },
});
const PROFILE: CpuProfile = {
  nodes: [
    frame(1, "(idle)"),
    frame(2, "send", "file:///home/us/server/send.ts", 9),
    frame(3, "writev"),
    frame(4, "", "file:///home/us/node_modules/@scope/pool/lib/pool.js", 0),
    frame(5, "next", "file:///home/us/node_modules/@scope/pool/lib/queue.js", 4),
    frame(6, "compile", "node:internal/vm", 3),
  ],
  samples: [6, 2, 3, 1, 4, 5, 2],
  timeDeltas: [5000, 100, 300, 900, 200, 200, 200],
};

describe("self times", () => {
  it("are shares of the time that was not idle, most first, of the end of the profile only", () => {
    expect(selfTimes(PROFILE, 1900, "/home/us")).toEqual([
      { what: "send server/send.ts:10", share: 0.3 },
      { what: "writev", share: 0.3 },
      { what: "next node_modules/@scope/pool/lib/queue.js:5", share: 0.2 },
      { what: "(anonymous) node_modules/@scope/pool/lib/pool.js:1", share: 0.2 },
    ]);
  });

  it("by file take a package as one", () => {
    expect(selfTimesByFile(PROFILE, 1900, "/home/us")).toEqual([
      { what: "node_modules/@scope/pool", share: 0.4 },
      { what: "server/send.ts", share: 0.3 },
      { what: "native code of Node (system calls and the like)", share: 0.3 },
    ]);
  });
});
