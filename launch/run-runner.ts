import { spawn } from "node:child_process";
import { HOME } from "./home.ts";
import { signalGroup, waitUntil } from "./process-record.ts";

/** How long a runner that is told to stop, and what it started, have to put away servers that lead other groups, ms. */
const PUT_AWAY_MS = 30_000;

/**
 * Runs a Node script with its output on this terminal until it ends; true when it ended with exit code 0. After
 * `limitMs` it is told to stop, as by Ctrl-C, and in the end it and everything it started is killed; that counts as a
 * failure, as does a script that cannot be started. SIGINT and SIGTERM are handed on.
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
  let insist: NodeJS.Timeout | undefined;
  const stop = (signal: NodeJS.Signals): void => {
    signalGroup(pid, signal);
    insist ??= setTimeout(() => signalGroup(pid, "SIGKILL"), PUT_AWAY_MS);
  };
  const forward = (signal: NodeJS.Signals): void => {
    process.exitCode = 130;
    stop(signal);
  };
  const limit = setTimeout(() => {
    process.stdout.write(`  ✗ still running after ${Math.round(limitMs / 60_000)} min; it is stopped\n`);
    stop("SIGINT");
  }, limitMs);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, forward);
  try {
    const code = await new Promise<number | null>((resolve) => child.once("exit", resolve));
    if (insist === undefined) return code === 0;
    // Others of the group may be at it still when the runner itself has ended.
    await waitUntil(() => !signalGroup(pid, 0), PUT_AWAY_MS);
    return false;
  } finally {
    clearTimeout(limit);
    clearTimeout(insist);
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, forward);
    signalGroup(pid, "SIGKILL");
  }
}
