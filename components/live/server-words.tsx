"use client";

import { useServerWords } from "./use-now.ts";

/** Words about the console's time, such as a countdown, by themselves: what stands around them is not rendered again. */
export function ServerWords({ words }: { words: (nowMs: number) => string }) {
  return useServerWords(words);
}
