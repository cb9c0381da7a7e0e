import { spawn } from "node:child_process";
import { HOME } from "./home.ts";
import { signalGroup } from "./process-record.ts";

/** How long a runner that took too long has to put away what it started in groups of its own, such as servers, ms. */
const PUT_AWAY_MS = 30_000;

/**
 * Runs a Node script with its output on this terminal until it ends; true when it ended with exit code 0. After
 * `limitMs` it is asked to end, and then it and everything it started is killed; that counts as a failure, as does a
 * script that cannot be started.
 */
export async function runRunner(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  limitMs: number,
): Promise<boolean> {
  const env = { ...process.env, ...environment };
  // A group of its own: what a runner leaves behind can be ended by it.
  const child = spawn(process.execPath, args, {
    cwd: HOME,
    env,
    detached: true,
    stdio: ["ignore", "inherit", "inherit"],
  });
  const { pid } = child;
  if (pid === undefined) return new Promise((resolve) => child.once("error", () => resolve(false)));
  const forward = (signal: NodeJS.Signals): void => {
    signalGroup(pid, signal);
    process.exitCode = 130;
  };
  let isOver = false;
  let insist: NodeJS.Timeout | undefined;
  const limit = setTimeout(() => {
    isOver = true;
    process.stdout.write(`  ✗ still running after ${Math.round(limitMs / 60_000)} min; it is stopped\n`);
    signalGroup(pid, "SIGTERM");
    insist = setTimeout(() => signalGroup(pid, "SIGKILL"), PUT_AWAY_MS);
  }, limitMs);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, forward);
  try {
    const code = await new Promise<number | null>((resolve) => child.once("exit", resolve));
    return code === 0 && !isOver;
  } finally {
    clearTimeout(limit);
    clearTimeout(insist);
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, forward);
    signalGroup(pid, "SIGKILL");
  }
}
