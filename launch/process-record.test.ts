import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import {
  endGroup,
  isGroupRunning,
  isRunning,
  readRecord,
  recordOf,
  waitUntil,
  writeRecord,
  type ProcessRecord,
} from "./process-record.ts";

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

/** A process that leads its own group and says "ready" once its script has run. */
async function start(script: string): Promise<ProcessRecord> {
  const child = spawn(process.execPath, ["-e", `${script}; console.log("ready"); setInterval(() => {}, 1000)`], {
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  started.push(child);
  await new Promise((resolve) => child.stdout.once("data", resolve));
  const record = recordOf(child.pid ?? 0);
  if (record === null) throw new Error("it does not run");
  return record;
}

describe("a process record", () => {
  it("survives the file it is kept in", async () => {
    const folder = mkdtempSync(join(tmpdir(), "record-"));
    const record = await start("");
    writeRecord(join(folder, "deep", "part.json"), record);
    expect(readRecord(join(folder, "deep", "part.json"))).toEqual(record);
    writeFileSync(join(folder, "torn.json"), '{"pid": 1');
    expect(readRecord(join(folder, "torn.json"))).toBeNull();
    expect(readRecord(join(folder, "none.json"))).toBeNull();
    rmSync(folder, { recursive: true });
  });

  it("is not taken for another process that got the same pid, nor for one of another boot", async () => {
    const record = await start("");
    expect(isRunning(record)).toBe(true);
    const recycled = { ...record, startedTicks: "1" };
    expect(isRunning(recycled)).toBe(false);
    expect(isGroupRunning(recycled)).toBe(false);
    expect(isGroupRunning({ ...record, boot: "another" })).toBe(false);
  });
});

describe("endGroup", () => {
  it("ends a process that obeys", async () => {
    const record = await start("");
    await endGroup(record, 5000);
    expect(isGroupRunning(record)).toBe(false);
  });

  it("insists with one that does not, and with what it started", async () => {
    const deaf = `process.on("SIGTERM", () => {}); require("node:child_process").spawn("sleep", ["600"])`;
    const record = await start(deaf);
    await endGroup(record, 100);
    expect(isGroupRunning(record)).toBe(false);
  });

  it("clears away what a dead process left in its group", async () => {
    const record = await start(`require("node:child_process").spawn("sleep", ["600"], { stdio: "ignore" })`);
    process.kill(record.pid, "SIGKILL");
    await waitUntil(() => !isRunning(record), 5000);
    expect(isGroupRunning(record)).toBe(true);
    await endGroup(record, 100);
    expect(isGroupRunning(record)).toBe(false);
  });

  it("wakes a stopped process so that it hears it", async () => {
    const record = await start("");
    process.kill(record.pid, "SIGSTOP");
    await endGroup(record, 5000);
    expect(isGroupRunning(record)).toBe(false);
  });
});
