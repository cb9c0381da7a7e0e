"use client";

import { useState } from "react";
import { panned, showing, spanOf, windowFor, zoomed, type AxisWindow } from "./axis-window.ts";

/** The stretch of time that the axis shows, and how it is moved. It begins with one that holds the moment shown. */
export function useAxisWindow(shownMs: number | null, nowMs: number) {
  const [chosen, choose] = useState<AxisWindow>(() => windowFor(shownMs, nowMs));
  const [last, setLast] = useState(shownMs);
  // Wherever the moment came from (a link, a key, the replay), it is to be seen.
  if (last !== shownMs) {
    setLast(shownMs);
    if (shownMs !== null) choose(showing(chosen, shownMs, nowMs));
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
