"use client";

import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { formatPercent, formatRate } from "../format/number.ts";
import { formatClock } from "../format/time.ts";
import type { TrendPoint } from "../live/trends.ts";
import { ChartTooltip } from "./chart-tooltip.tsx";

const AXIS = { stroke: "var(--line-strong)", tick: { fill: "var(--ink-3)", fontSize: 11 }, tickLine: false } as const;

/** Requests and errors of the last minutes. Times are the console's. */
export function TrendChart({ points, label }: { points: readonly TrendPoint[]; label: string }) {
  return (
    <div role="img" aria-label={label} className="h-56">
      <ResponsiveContainer width="100%" height="100%">
        <LineChart data={[...points]} margin={{ top: 8, right: 8, bottom: 0, left: 0 }} accessibilityLayer={false}>
          <CartesianGrid yAxisId="rate" stroke="var(--line)" vertical={false} />
          <XAxis
            dataKey="atMs"
            type="number"
            domain={["dataMin", "dataMax"]}
            tickFormatter={formatClock}
            minTickGap={56}
            {...AXIS}
          />
          <YAxis yAxisId="rate" width={52} allowDecimals tickFormatter={formatRate} {...AXIS} axisLine={false} />
          <YAxis
            yAxisId="errors"
            orientation="right"
            width={48}
            domain={[0, 100]}
            tickFormatter={formatPercent}
            {...AXIS}
            axisLine={false}
          />
          <Tooltip
            isAnimationActive={false}
            content={
              <ChartTooltip
                series={[
                  { key: "requestsPerSecond", name: "Requests", color: "var(--accent)", format: formatRate },
                  { key: "errorPercent", name: "Errors", color: "var(--bad)", format: formatPercent },
                ]}
              />
            }
          />
          <Line
            yAxisId="rate"
            dataKey="requestsPerSecond"
            stroke="var(--accent)"
            strokeWidth={1.75}
            dot={false}
            isAnimationActive={false}
          />
          <Line
            yAxisId="errors"
            dataKey="errorPercent"
            stroke="var(--bad)"
            strokeWidth={1.75}
            strokeDasharray="4 3"
            dot={false}
            isAnimationActive={false}
          />
        </LineChart>
      </ResponsiveContainer>
    </div>
  );
}
