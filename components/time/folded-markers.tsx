"use client";

import { useState, type ReactNode } from "react";
import type { Marker } from "#domain/history.ts";
import { formatMoment } from "../format/time.ts";
import { ServerWords } from "../live/server-words.tsx";

interface FoldedMarkersProps {
  /** Newest first. */
  readonly earlier: readonly Marker[];
  readonly children: (marker: Marker) => ReactNode;
}

/** How many are folded into the one above, and each of them when asked for. */
export function FoldedMarkers({ earlier, children }: FoldedMarkersProps) {
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
        {first.kind === "breaker" ? (
          <>
            {earlier.length} earlier transitions of it since{" "}
            <ServerWords words={(nowMs) => formatMoment(first.atMs, nowMs)} />
          </>
        ) : (
          `${earlier.length.toString()} more at that time`
        )}
      </button>
      {shown && <ul className="mt-1 border-l-2 border-line pl-3">{earlier.map(children)}</ul>}
    </>
  );
}
