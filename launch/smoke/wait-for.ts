import { setTimeout as sleep } from "node:timers/promises";

/** Asks every 100 ms until the condition holds. @throws Error naming what was waited for when it does not in time. */
export async function waitFor(
  what: string,
  limitMs: number,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadlineMs = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > deadlineMs) throw new Error(`waited ${limitMs / 1000} s in vain for ${what}`);
    await sleep(100);
  }
}
