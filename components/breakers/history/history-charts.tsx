"use client";

import { memo, useMemo } from "react";
import type { BreakerHistory } from "#domain/breaker-history.ts";
import { chartPoints } from "./chart-points.ts";
import { LatencyHistoryChart } from "./latency-history-chart.tsx";
import { TrafficHistoryChart } from "./traffic-history-chart.tsx";

interface HistoryChartsProps {
  readonly history: BreakerHistory;
  /** Whose they are. */
  readonly name: string;
  /** `last 5 minutes`. */
  readonly words: string;
}

/**
 * Traffic and latencies on the axis. Drawn anew only with another history: the page around tells the age of what it shows
 * every second, and hundreds of points are too many to go through for that.
 */
export const HistoryCharts = memo(function HistoryCharts({ history, name, words }: HistoryChartsProps) {
  const shared = useMemo(
    () => ({
      points: chartPoints(history),
      axis: history,
      marksAtMs: history.marks.map(({ atMs }) => atMs).filter((atMs) => atMs > history.fromMs && atMs < history.toMs),
    }),
    [history],
  );
  return (
    <>
      <div>
        <h3 className="text-sm font-medium text-ink-2">Calls per second, by how they ended</h3>
        <TrafficHistoryChart {...shared} label={`Calls of ${name} by outcome, ${words}`} />
      </div>
      <div>
        <h3 className="text-sm font-medium text-ink-2">Latency, all gateways together</h3>
        <LatencyHistoryChart {...shared} label={`Latency percentiles of ${name}, ${words}`} />
      </div>
    </>
  );
});
