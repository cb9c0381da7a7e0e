"use client";

import { Area, CartesianGrid, ComposedChart, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import type { BreakerSecond } from "#domain/live.ts";
import { ChartKey } from "../charts/chart-key.tsx";
import { ChartTooltip } from "../charts/chart-tooltip.tsx";
import { formatCount } from "../format/number.ts";
import { formatClock } from "../format/time.ts";
import { OUTCOME_SERIES } from "./outcome-series.ts";

const AXIS = { stroke: "var(--line-strong)", tick: { fill: "var(--ink-3)", fontSize: 11 }, tickLine: false } as const;

/** Outcomes of the last minute, stacked, and what backups served. */
export function OutcomeChart({ history, label }: { history: readonly BreakerSecond[]; label: string }) {
  const met = OUTCOME_SERIES.filter(
    ({ outcome }) => outcome === "success" || history.some((second) => (second.counts[outcome] ?? 0) > 0),
  );
  const points = history.map((second) => ({
    atMs: second.atMs,
    fallbackServed: second.fallbackServed,
    ...Object.fromEntries(met.map(({ outcome }) => [outcome, second.counts[outcome] ?? 0])),
  }));
  const series = [
    ...met.map(({ outcome, name, color }) => ({ key: outcome, name, color, format: formatCount })),
    { key: "fallbackServed", name: "Served by a backup", color: "var(--series-fallback)", format: formatCount },
  ];
  return (
    <>
      <div role="img" aria-label={label} className="h-56">
        <ResponsiveContainer width="100%" height="100%">
          <ComposedChart data={points} margin={{ top: 8, right: 8, bottom: 0, left: 0 }} accessibilityLayer={false}>
            <CartesianGrid stroke="var(--line)" vertical={false} />
            <XAxis
              dataKey="atMs"
              type="number"
              domain={["dataMin", "dataMax"]}
              tickFormatter={formatClock}
              minTickGap={56}
              {...AXIS}
            />
            <YAxis width={40} allowDecimals={false} tickFormatter={formatCount} {...AXIS} axisLine={false} />
            <Tooltip isAnimationActive={false} content={<ChartTooltip series={series} />} />
            {met.map(({ outcome, color }) => (
              <Area
                key={outcome}
                dataKey={outcome}
                stackId="outcomes"
                type="step"
                stroke="none"
                fill={color}
                fillOpacity={0.85}
                isAnimationActive={false}
              />
            ))}
            <Line
              dataKey="fallbackServed"
              type="step"
              stroke="var(--series-fallback)"
              strokeWidth={2}
              strokeDasharray="4 3"
              dot={false}
              isAnimationActive={false}
            />
          </ComposedChart>
        </ResponsiveContainer>
      </div>
      <ChartKey entries={series.map(({ key, name, color }) => ({ name, color, dashed: key === "fallbackServed" }))} />
    </>
  );
}
