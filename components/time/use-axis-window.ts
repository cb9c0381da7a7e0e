"use client";

import { useState } from "react";
import { panned, showing, spanOf, windowFor, zoomed, type AxisWindow } from "./axis-window.ts";

/**
 * The stretch of time that the axis shows, and how it is moved. It begins with one that holds the moment shown, and the one
 * that it is compared with (Unix epoch, ms; null: now, or none).
 */
export function useAxisWindow(shownMs: number | null, otherMs: number | null, nowMs: number) {
  const [chosen, choose] = useState<AxisWindow>(() => windowFor(earlierOf(shownMs, otherMs), nowMs));
  const [last, setLast] = useState({ shownMs, otherMs });
  // Wherever a moment came from (a link, a key, the replay), it is to be seen, and both of a comparison at once.
  if (last.shownMs !== shownMs || last.otherMs !== otherMs) {
    setLast({ shownMs, otherMs });
    const isOtherNew = otherMs !== null && last.otherMs !== otherMs;
    const reaching =
      isOtherNew && otherMs < spanOf(chosen, nowMs).fromMs ? windowFor(earlierOf(shownMs, otherMs), nowMs) : chosen;
    choose(shownMs === null ? reaching : showing(reaching, shownMs, nowMs));
  }
  return {
    span: spanOf(chosen, nowMs),
    spanMs: chosen.spanMs,
    live: chosen.endMs === null,
    setRange: (ms: number) => {
      choose(shownMs === null ? { spanMs: ms, endMs: null } : showing({ spanMs: ms, endMs: null }, shownMs, nowMs));
    },
    toNow: () => {
      choose({ spanMs: chosen.spanMs, endMs: null });
    },
    pan: (byMs: number) => {
      choose(panned(chosen, byMs, nowMs));
    },
    zoom: (factor: number, aroundMs: number) => {
      choose(zoomed(chosen, factor, aroundMs, nowMs));
    },
  };
}

function earlierOf(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}
