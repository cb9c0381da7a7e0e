"use client";

import { formatMoment, formatSpan } from "../format/time.ts";
import { useServerNow } from "../live/use-now.ts";

/** When something ends, and how long that is from now. The countdown is not read out again every second. */
export function TimeLeft({ expiresAtMs }: { expiresAtMs: number | null }) {
  const nowMs = useServerNow();
  if (expiresAtMs === null) return "until lifted";
  return (
    <>
      until {formatMoment(expiresAtMs, nowMs)}{" "}
      <span aria-hidden className="whitespace-nowrap tabular-nums">
        ({formatSpan(expiresAtMs - nowMs)} left)
      </span>
    </>
  );
}
