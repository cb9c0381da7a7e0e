import type { Report } from "./report.ts";
import type { Stack } from "./stack.ts";

/**
 * One Ctrl-C arrives several times: from the terminal, from npm, from the bootstrap. Only what comes this much later is
 * a second one, ms.
 */
const SAME_KEYSTROKE_MS = 700;

/**
 * Starts a stack and keeps it until SIGINT, SIGTERM, SIGHUP or the end of the process that started this one; then stops
 * it and exits. A second signal kills what still runs.
 * @param start is told by the signal to give up, and then rejects with whatever it likes.
 * @throws what `start` throws when nobody asked it to give up.
 */
export async function runUntilStopped(report: Report, start: (signal: AbortSignal) => Promise<Stack>): Promise<never> {
  const stopping = new AbortController();
  let stack: Stack | null = null;
  let firstAtMs = 0;
  const onStop = (why: string): void => {
    if (!stopping.signal.aborted) {
      firstAtMs = performance.now();
      report.line(`\n  stopping (${why}); once more to leave at once`);
      stopping.abort();
    } else if (performance.now() - firstAtMs > SAME_KEYSTROKE_MS) {
      // A start under way has nothing to hand out yet; what it leaves behind is on record, and the next start ends it.
      report.line(
        `  leaving at once; ${stack === null ? "the next start ends what is left" : "what still runs is killed"}`,
      );
      stack?.force();
      process.exit(130);
    }
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => onStop(signal));
  process.on("disconnect", () => onStop("the command that started this has ended"));

  const stopAsked = new Promise<void>((resolve) =>
    stopping.signal.addEventListener("abort", () => resolve(), { once: true }),
  );
  stack = await start(stopping.signal).catch((error: unknown) => {
    if (stopping.signal.aborted) return null;
    throw error;
  });
  // Children do not keep us running while they are down and waited for.
  const heartbeat = setInterval(() => undefined, 60_000);
  if (stack !== null) await stopAsked;
  clearInterval(heartbeat);
  await stack?.stop();
  report.line("  everything is stopped");
  process.exit(0);
}
