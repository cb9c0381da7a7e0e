"use client";

import { formatMoment, formatSpan } from "../format/time.ts";
import { ServerWords } from "../live/server-words.tsx";

/** When something ends, and how long that is from now. The countdown is not read out again every second. */
export function TimeLeft({ expiresAtMs }: { expiresAtMs: number | null }) {
  if (expiresAtMs === null) return "until lifted";
  return (
    <>
      until <ServerWords words={(nowMs) => formatMoment(expiresAtMs, nowMs)} />{" "}
      <span aria-hidden className="whitespace-nowrap tabular-nums">
        (<ServerWords words={(nowMs) => formatSpan(expiresAtMs - nowMs)} /> left)
      </span>
    </>
  );
}
