"use client";

import { useState, useSyncExternalStore } from "react";
import { isSameValue } from "#domain/same-value.ts";
import { useLive, useLiveStore } from "./live-provider.tsx";

/** One clock for the whole page: what counts down does so in step, whatever the number of counters. */
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let tickedAtMs = 0;

function tick(): void {
  tickedAtMs = Date.now();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function read(): number {
  if (timer === undefined && Date.now() - tickedAtMs >= 1000) tickedAtMs = Date.now();
  return tickedAtMs;
}

/** This browser's clock, Unix epoch ms, read again once a second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, read, read);
}

/** The console's clock, Unix epoch ms, for comparing with times it has sent. */
export function useServerNow(): number {
  const { clockAheadMs } = useLive();
  return useNow() + clockAheadMs;
}

/** Words about the console's time. The component renders again only when they read differently. */
export function useServerWords(words: (nowMs: number) => string): string {
  const store = useLiveStore();
  const wordsNow = (): string => words(read() + store.get().clockAheadMs);
  return useSyncExternalStore(subscribe, wordsNow, wordsNow);
}

/** A value decided by the console's time. The component renders again only when it is another one. */
export function useServerValue<T>(take: (nowMs: number) => T): T {
  const store = useLiveStore();
  const [keep] = useState(() => keepSame<T>());
  const valueNow = (): T => keep(take(read() + store.get().clockAheadMs));
  return useSyncExternalStore(subscribe, valueNow, valueNow);
}

/** Gives back what it was given before for as long as it is equal. */
function keepSame<T>(): (next: T) => T {
  let kept: { readonly value: T } | null = null;
  return (next) => {
    if (kept === null || !isSameValue(kept.value, next)) kept = { value: next };
    return kept.value;
  };
}
