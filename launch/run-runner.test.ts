import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HOME } from "./home.ts";
import { isRunning, recordOf, waitUntil } from "./process-record.ts";

/** Room for a busy machine to start three processes one after another. */
const TIMEOUT_MS = 30_000;
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "run-runner-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a script that calls `runRunner`, leading a group of its own: this test must not be what a fault ends. */
function launcher(body: string) {
  const source = `import { runRunner } from "./launch/run-runner.ts"; ${body}`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", source], {
    cwd: HOME,
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  const ended = new Promise<string>((resolve) =>
    child.once("close", (code, signal) => resolve(`${said}${signal ?? `exit code ${code}`}`)),
  );
  return { child, ended };
}

/**
 * Source text of a runner with a child in its group, that stays; the child writes down both process ids. `onStart` and
 * `onChildStart` are what they do before.
 */
function stays(path: string, { onStart = "", onChildStart = "" }): string {
  const child = `${onChildStart};
    require("node:fs").writeFileSync(${JSON.stringify(path)}, process.ppid + " " + process.pid + "\\n");
    setInterval(() => {}, 1000)`;
  return `${onStart};
    require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(child)}], { stdio: "inherit" });
    setInterval(() => {}, 1000)`;
}

/** Source text: at that signal it takes a moment to put something away, and then ends. */
const putsAway = (signal: string): string =>
  `process.on("${signal}", () => setTimeout(() => { console.log("put away"); process.exit(0); }, 300))`;
const DEAF = `process.on("SIGINT", () => {}); process.on("SIGTERM", () => {})`;

/** Records of the runner and its child, as soon as they are written down. */
async function recordsIn(path: string) {
  const read = (): string => {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return "";
    }
  };
  expect(await waitUntil(() => read().endsWith("\n"), 8000)).toBe(true);
  return read()
    .trim()
    .split(" ")
    .flatMap((pid) => recordOf(Number(pid)) ?? []);
}

describe("runRunner", () => {
  it("says whether the runner ended well", async () => {
    const { ended } = launcher(
      `for (const code of [0, 3]) console.log(await runRunner(["-e", "process.exit(" + code + ")"], {}, 8000));`,
    );
    expect(await ended).toBe("true\nfalse\nexit code 0");
  });

  it("takes a runner that cannot be started for failed, and signals nobody", async () => {
    const { ended } = launcher(
      `process.execPath = "/nowhere/node"; console.log(await runRunner(["-e", ""], {}, 8000));`,
    );
    expect(await ended).toBe("false\nexit code 0");
  });

  it(
    "tells a runner that takes too long to stop, lets it put away what it has, and counts it as failed",
    async () => {
      const path = join(folder, "pids");
      const runner = stays(path, { onStart: putsAway("SIGINT") });
      const { ended } = launcher(`console.log(await runRunner(["-e", ${JSON.stringify(runner)}], {}, 5000));`);
      const records = await recordsIn(path);
      expect(records).toHaveLength(2);
      expect(await ended).toMatch(/it is stopped\nput away\nfalse\nexit code 0$/);
      expect(await waitUntil(() => !records.some(isRunning), 5000)).toBe(true);
    },
    TIMEOUT_MS,
  );

  it.each(["SIGINT", "SIGTERM"] as const)(
    "hands %s on, waits for what the runner started when that is slower, and says that it was cut off",
    async (signal) => {
      const path = join(folder, "pids");
      const runner = stays(path, { onChildStart: putsAway(signal) });
      const { child, ended } = launcher(`console.log(await runRunner(["-e", ${JSON.stringify(runner)}], {}, 60_000));`);
      const records = await recordsIn(path);
      child.kill(signal);
      expect(await ended).toBe("put away\nfalse\nexit code 130");
      expect(await waitUntil(() => !records.some(isRunning), 5000)).toBe(true);
    },
    TIMEOUT_MS,
  );

  it("kills what a runner leaves behind when it ends by itself, whatever that hears", async () => {
    const path = join(folder, "pids");
    const written = `const look = setInterval(() => { if (require("node:fs").statSync(${JSON.stringify(path)}, { throwIfNoEntry: false })?.size) process.exit(0); }, 20)`;
    const runner = stays(path, { onStart: written, onChildStart: DEAF });
    const { ended } = launcher(`console.log(await runRunner(["-e", ${JSON.stringify(runner)}], {}, 60_000));`);
    expect(await ended).toBe("true\nexit code 0");
    const [, left] = readFileSync(path, "utf8").trim().split(" ");
    const record = recordOf(Number(left));
    expect(record === null || (await waitUntil(() => !isRunning(record), 5000))).toBe(true);
  });
});
