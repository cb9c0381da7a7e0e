"use client";

import { useState, useSyncExternalStore } from "react";
import { isSameValue } from "#domain/same-value.ts";
import { keepSame } from "./keep-same.ts";
import { useLivePart, useLiveStore } from "./live-provider.tsx";

/** One clock for the whole page: what counts down does so in step, whatever the number of counters. */
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let tickedAtMs = 0;

function tick(): void {
  tickedAtMs = Date.now();
  for (const listener of listeners) listener();
}

/** Calls `listener` at every tick; returns its own undo. */
export function onTick(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The clock as of its last tick, Unix epoch, ms. */
export function tickedMs(): number {
  if (timer === undefined && Date.now() - tickedAtMs >= 1000) tickedAtMs = Date.now();
  return tickedAtMs;
}

/** This browser's clock, Unix epoch ms, read again once a second. */
export function useNow(): number {
  return useSyncExternalStore(onTick, tickedMs, tickedMs);
}

/** The console's clock, Unix epoch ms, for comparing with times it has sent. */
export function useServerNow(): number {
  return useNow() + useLivePart(({ clockAheadMs }) => clockAheadMs);
}

/** Words about the console's time. The component renders again only when they read differently. */
export function useServerWords(words: (nowMs: number) => string): string {
  const store = useLiveStore();
  const wordsNow = (): string => words(tickedMs() + store.get().clockAheadMs);
  return useSyncExternalStore(onTick, wordsNow, wordsNow);
}

/** A value decided by the console's time. The component renders again only when it is another one. */
export function useServerValue<T>(take: (nowMs: number) => T): T {
  const store = useLiveStore();
  const [keep] = useState(() => keepSame<T>(isSameValue));
  const valueNow = (): T => keep(take(tickedMs() + store.get().clockAheadMs));
  return useSyncExternalStore(onTick, valueNow, valueNow);
}
