"use client";

import { useEffect, useRef, useState } from "react";
import { nextMoment, replayStep, type ReplaySpeed } from "./replay.ts";

export interface ReplayOptions {
  /** Shown now, Unix epoch, ms; null: now. */
  readonly atMs: number | null;
  /** The moment asked for last has not come yet: the replay waits for it. */
  readonly loading: boolean;
  readonly now: () => number;
  readonly show: (atMs: number | null) => void;
}

/** Plays the past forward. It waits while the page is hidden, and ends by joining the live mesh. */
export function useReplay({ atMs, loading, now, show }: ReplayOptions) {
  const [speed, setSpeed] = useState<ReplaySpeed>(10);
  const [playing, setPlaying] = useState(false);
  const latest = useRef({ now, show });
  useEffect(() => {
    latest.current = { now, show };
  });
  // There is nothing to play once it is now, however one got there.
  if (playing && atMs === null) setPlaying(false);
  useEffect(() => {
    if (!playing || loading || atMs === null) return;
    const { tickMs, stepMs } = replayStep(speed, atMs, latest.current.now());
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wait = (): void => {
      clearTimeout(timer);
      if (document.visibilityState === "hidden") return;
      timer = setTimeout(() => {
        latest.current.show(nextMoment(atMs, stepMs, latest.current.now()));
      }, tickMs);
    };
    wait();
    document.addEventListener("visibilitychange", wait);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", wait);
    };
  }, [playing, loading, atMs, speed]);
  return { playing, setPlaying, speed, setSpeed };
}
