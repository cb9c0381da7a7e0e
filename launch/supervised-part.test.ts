import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LaunchError } from "./launch-error.ts";
import { isRunning, readRecord, recordOf, waitUntil } from "./process-record.ts";
import { runProcess } from "./running-process.ts";
import { recordPath, SupervisedPart } from "./supervised-part.ts";

const OBEDIENT = `
process.on("SIGTERM", () => process.exit(0));
process.on("disconnect", () => process.exit(0));
console.log("started");
process.send({ ready: true, greeting: "hello" });
setInterval(() => {}, 1000);
`;

let folder = "";
let lines: string[] = [];
const parts: SupervisedPart[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "part-"));
  lines = [];
});
afterEach(async () => {
  await Promise.all(parts.splice(0).map((part) => part.stop()));
  rmSync(folder, { recursive: true });
});

function partRunning(script: string, options: { restart?: boolean; readyMs?: number } = {}): SupervisedPart {
  const path = join(folder, "part.mjs");
  writeFileSync(path, script);
  const spec = {
    title: "the part",
    script: path,
    environment: process.env,
    readyMs: options.readyMs ?? 8000,
    stopMs: 2000,
  };
  const part = new SupervisedPart({
    name: "demo",
    title: "the part",
    dataDir: folder,
    run: (log) => runProcess(spec, log),
    restart: options.restart ?? true,
    tell: (line) => lines.push(line),
  });
  parts.push(part);
  return part;
}

const until = (condition: () => boolean): Promise<void> =>
  waitUntil(condition, 8000).then((met) => expect(met, "waited in vain").toBe(true));

describe("a supervised part", () => {
  it("is up with what it said of itself, keeps its output in its log, and is gone after stop", async () => {
    const part = partRunning(OBEDIENT);
    await part.start();
    expect(part.status).toBe("up");
    expect(part.facts["greeting"]).toBe("hello");
    const record = readRecord(recordPath(folder, "demo"));
    expect(record?.pid).toBe(part.pid);
    await part.stop();
    expect(part.status).toBe("down");
    expect(record !== null && isRunning(record)).toBe(false);
    expect(readRecord(recordPath(folder, "demo"))).toBeNull();
    expect(readFileSync(part.logPath ?? "", "utf8")).toBe("started\n");
  });

  it("comes back by itself when it is killed, and says so", async () => {
    const part = partRunning(OBEDIENT);
    await part.start();
    const before = part.pid;
    await part.kill("SIGKILL");
    await until(() => part.status === "up" && part.pid !== before);
    expect(lines.join("\n")).toMatch(/the part ended \(SIGKILL\); starting it again in .*\n.*the part is back/);
  });

  it("stays down after a kill that says so, and after stop, until it is started", async () => {
    const part = partRunning(OBEDIENT);
    await part.start();
    await part.kill("SIGKILL", { stayDown: true });
    expect(part.status).toBe("down");
    await part.start();
    await part.stop();
    expect(part.status).toBe("down");
    expect(lines).toEqual([]);
    await part.start();
    expect(part.status).toBe("up");
  });

  it("says that it ended, and stays down, where parts are not to be restarted", async () => {
    const part = partRunning(OBEDIENT, { restart: false });
    await part.start();
    await part.kill("SIGKILL");
    await until(() => lines.length > 0);
    expect(part.status).toBe("down");
    expect(lines[0]).toContain("the part ended (SIGKILL)");
  });

  it("fails to start with the end of its log when it dies before it is ready", async () => {
    const part = partRunning(`console.error("no database"); process.exit(3);`);
    const failure = part.start();
    await expect(failure).rejects.toThrow("The part ended while starting (exit code 3).");
    await expect(failure).rejects.toSatisfy(
      (error) => error instanceof LaunchError && error.remedies.join("\n").includes("no database"),
    );
    expect(part.status).toBe("down");
  });

  it("fails to start when it is never ready, and leaves nothing running", async () => {
    const part = partRunning(`console.log(process.pid); setInterval(() => {}, 1000);`, { readyMs: 1000 });
    await expect(part.start()).rejects.toThrow("The part was not ready after 1 s.");
    expect(recordOf(Number(readFileSync(join(folder, "logs", "demo.log"), "utf8")))).toBeNull();
  });

  it("keeps the log of the session before", async () => {
    const first = partRunning(OBEDIENT);
    await first.start();
    await first.stop();
    const second = partRunning(OBEDIENT.replace("started", "started again"));
    await second.start();
    expect(readFileSync(`${second.logPath ?? ""}.1`, "utf8")).toBe("started\n");
    expect(readFileSync(second.logPath ?? "", "utf8")).toBe("started again\n");
  });
});
