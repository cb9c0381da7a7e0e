import { Lifecycle } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import { SettingsError } from "#platform/env.ts";

/**
 * Runs the life of a process: a failure to start is told on standard error and ends it with 1, wrong settings without a
 * stack.
 */
export function runProcess(main: () => Promise<void>): void {
  main().catch((error: unknown) => {
    process.stderr.write(`${inWords(error)}\n`);
    process.exit(1);
  });
}

/**
 * A life cycle that SIGTERM, SIGINT and the end of whoever started this process over IPC bring to its end, with exit
 * code 0; or with 1 when that takes longer than `withinMs`.
 */
export function lifecycleUntilStopped(log: Log, withinMs: number): Lifecycle {
  const lifecycle = new Lifecycle(log);
  const stop = (): void => {
    setTimeout(() => process.exit(1), withinMs).unref();
    void lifecycle.stop().then(() => process.exit(0));
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, stop);
  process.once("disconnect", stop);
  return lifecycle;
}

function inWords(error: unknown): string {
  if (error instanceof SettingsError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
