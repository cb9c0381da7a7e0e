import { spawn, type ChildProcess } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { claimDataFolder, endLeftovers, openDataFolder } from "./data-folder.ts";
import { LaunchError } from "./launch-error.ts";
import { isRunning, readRecord, recordOf, writeRecord, type ProcessRecord } from "./process-record.ts";
import { recordPath } from "./supervised-part.ts";

let folder = "";
const started: ChildProcess[] = [];
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "data-folder-"))));
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
});

async function someProcess(): Promise<ProcessRecord> {
  const child = spawn("sleep", ["600"], { detached: true, stdio: "ignore" });
  started.push(child);
  await new Promise((resolve) => child.once("spawn", resolve));
  const record = recordOf(child.pid ?? 0);
  if (record === null) throw new Error("it does not run");
  return record;
}

function problemOf(work: () => unknown): LaunchError {
  try {
    work();
  } catch (error) {
    if (error instanceof LaunchError) return error;
    throw error;
  }
  throw new Error("expected a LaunchError");
}

describe("openDataFolder", () => {
  it("makes the folder with those above it", () => {
    openDataFolder(join(folder, "a", "b"));
    openDataFolder(join(folder, "a", "b"));
    expect(readdirSync(join(folder, "a", "b"))).toEqual([]);
  });

  it("names the folder and its variable when it cannot be used", () => {
    writeFileSync(join(folder, "file"), "");
    const error = problemOf(() => openDataFolder(join(folder, "file")));
    expect(error.message).toContain(join(folder, "file"));
    expect(error.remedies.join("\n")).toContain("DATA_DIR=");
  });
});

describe("claimDataFolder", () => {
  it("refuses a second launcher while the first runs, and names it", async () => {
    const other = await someProcess();
    writeRecord(recordPath(folder, "launcher"), other);
    const error = problemOf(() => claimDataFolder(folder));
    expect(error.message).toContain(`process ${other.pid} (sleep 600)`);
    expect(error.remedies.join("\n")).toContain("DATA_DIR=");
  });

  it("takes over from one that was killed", async () => {
    const other = await someProcess();
    writeRecord(recordPath(folder, "launcher"), { ...other, startedTicks: "1" });
    claimDataFolder(folder);
    expect(readRecord(recordPath(folder, "launcher"))?.pid).toBe(process.pid);
  });

  it("is free for others once it was given back", () => {
    claimDataFolder(folder)();
    expect(readRecord(recordPath(folder, "launcher"))).toBeNull();
  });
});

describe("endLeftovers", () => {
  it("ends parts that outlived their launcher, and names them", async () => {
    const left = await someProcess();
    writeRecord(recordPath(folder, "zookeeper"), left);
    expect(await endLeftovers(folder)).toEqual(["zookeeper"]);
    expect(isRunning(left)).toBe(false);
    expect(await endLeftovers(folder)).toEqual([]);
  });

  it("leaves a process alone that merely got the pid of an old part", async () => {
    const stranger = await someProcess();
    writeRecord(recordPath(folder, "zookeeper"), { ...stranger, startedTicks: "1" });
    expect(await endLeftovers(folder)).toEqual([]);
    expect(isRunning(stranger)).toBe(true);
  });
});
