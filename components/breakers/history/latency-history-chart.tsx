"use client";

import { CartesianGrid, Line, LineChart, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { ChartKey } from "../../charts/chart-key.tsx";
import { ChartTooltip } from "../../charts/chart-tooltip.tsx";
import { formatLatency } from "../../format/number.ts";
import { formatClock } from "../../format/time.ts";
import type { TimeSpan } from "./band-segments.ts";
import { AXIS_LEFT, AXIS_STYLE, FRAME, MARK_STYLE, timeAxis } from "./chart-frame.ts";
import type { ChartPoint } from "./chart-points.ts";

const SERIES = [
  { key: "p50Ms", name: "p50", color: "var(--series-fallback)", format: formatLatency },
  { key: "p95Ms", name: "p95", color: "var(--series-timeout)", format: formatLatency },
  { key: "p99Ms", name: "p99", color: "var(--series-unreachable)", format: formatLatency },
];

interface LatencyHistoryChartProps {
  readonly points: readonly ChartPoint[];
  readonly axis: TimeSpan;
  readonly marksAtMs: readonly number[];
  readonly label: string;
}

/** Percentiles of all gateways' calls together, from their merged histograms. */
export function LatencyHistoryChart({ points, axis, marksAtMs, label }: LatencyHistoryChartProps) {
  return (
    <>
      <div role="img" aria-label={label} className="h-36">
        <ResponsiveContainer width="100%" height="100%">
          <LineChart data={[...points]} {...FRAME}>
            <CartesianGrid stroke="var(--line)" vertical={false} />
            <XAxis {...timeAxis(axis)} tickFormatter={formatClock} minTickGap={56} {...AXIS_STYLE} />
            <YAxis width={AXIS_LEFT} tickFormatter={formatLatency} {...AXIS_STYLE} axisLine={false} />
            <Tooltip isAnimationActive={false} content={<ChartTooltip series={SERIES} />} />
            {SERIES.map(({ key, color }) => (
              <Line
                key={key}
                dataKey={key}
                type="monotone"
                stroke={color}
                strokeWidth={1.5}
                // A lone second with calls among quiet ones is no line; it shall be seen all the same.
                dot={points.length <= 300 ? { r: 1, strokeWidth: 0, fill: color } : false}
                isAnimationActive={false}
              />
            ))}
            {marksAtMs.map((atMs) => (
              <ReferenceLine key={atMs} x={atMs} {...MARK_STYLE} />
            ))}
          </LineChart>
        </ResponsiveContainer>
      </div>
      <ChartKey entries={SERIES.map(({ name, color }) => ({ name, color }))} />
    </>
  );
}
