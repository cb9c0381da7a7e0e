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

/** Source text of a runner that writes down its process id and that of a child of its own, and then stays. */
const stays = (path: string, onStop = ""): string => `
  const { spawn } = require("node:child_process");
  ${onStop}
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  require("node:fs").writeFileSync(${JSON.stringify(path)}, process.pid + " " + child.pid + "\\n");
  setInterval(() => {}, 1000);`;

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
    "asks a runner that takes too long to put away what it has elsewhere, kills what is left, and counts it as failed",
    async () => {
      const path = join(folder, "pids");
      const inOrder = `process.on("SIGTERM", () => setTimeout(() => { console.log("put away"); process.exit(0); }, 300));`;
      const { ended } = launcher(
        `console.log(await runRunner(["-e", ${JSON.stringify(stays(path, inOrder))}], {}, 5000));`,
      );
      const records = await recordsIn(path);
      expect(records).toHaveLength(2);
      expect(await ended).toMatch(/it is stopped\nput away\nfalse\nexit code 0$/);
      expect(await waitUntil(() => !records.some(isRunning), 5000)).toBe(true);
    },
    TIMEOUT_MS,
  );

  it("hands Ctrl-C on, ends everything, and says that it was cut off", async () => {
    const path = join(folder, "pids");
    const { child, ended } = launcher(
      `console.log(await runRunner(["-e", ${JSON.stringify(stays(path))}], {}, 60_000));`,
    );
    const records = await recordsIn(path);
    child.kill("SIGINT");
    expect(await ended).toBe("false\nexit code 130");
    expect(await waitUntil(() => !records.some(isRunning), 5000)).toBe(true);
  });
});
