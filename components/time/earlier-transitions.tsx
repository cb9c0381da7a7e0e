"use client";

import { useState, type ReactNode } from "react";
import type { Marker } from "#domain/history.ts";
import { formatMoment } from "../format/time.ts";
import { ServerWords } from "../live/server-words.tsx";

interface EarlierTransitionsProps {
  /** Newest first. */
  readonly earlier: readonly Marker[];
  readonly children: (marker: Marker) => ReactNode;
}

/** How often a breaker went to and fro before, and each of the times when asked for. */
export function EarlierTransitions({ earlier, children }: EarlierTransitionsProps) {
  const [shown, show] = useState(false);
  const first = earlier.at(-1);
  if (first === undefined) return null;
  return (
    <>
      <button
        type="button"
        aria-expanded={shown}
        className="mt-0.5 text-left text-sm text-accent hover:underline"
        onClick={() => {
          show(!shown);
        }}
      >
        {shown ? "Hide " : ""}
        {earlier.length} earlier transitions of it since{" "}
        <ServerWords words={(nowMs) => formatMoment(first.atMs, nowMs)} />
      </button>
      {shown && <ul className="mt-1 border-l-2 border-line pl-3">{earlier.map(children)}</ul>}
    </>
  );
}
