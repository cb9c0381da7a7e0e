import { spawn } from "node:child_process";
import { HOME } from "./home.ts";
import { signalGroup } from "./process-record.ts";

/**
 * Runs a Node script with its output on this terminal until it ends; true when it ended with exit code 0. After
 * `limitMs` it and everything it started is killed, and that counts as a failure.
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
  const pid = child.pid ?? 0;
  const forward = (signal: NodeJS.Signals): void => {
    signalGroup(pid, signal);
    process.exitCode = 130;
  };
  const limit = setTimeout(() => {
    process.stdout.write(`  ✗ still running after ${Math.round(limitMs / 60_000)} min; it is killed\n`);
    signalGroup(pid, "SIGKILL");
  }, limitMs);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, forward);
  try {
    return await new Promise<boolean>((resolve) => {
      child.once("error", () => resolve(false));
      child.once("exit", (code) => resolve(code === 0));
    });
  } finally {
    clearTimeout(limit);
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, forward);
    signalGroup(pid, "SIGKILL");
  }
}
