"use client";

import { memo, useMemo } from "react";
import { Area, CartesianGrid, ComposedChart, Line, ResponsiveContainer, XAxis, YAxis } from "recharts";
import { AXIS_STYLE } from "../breakers/history/chart-frame.ts";
import { AXIS_LEFT, AXIS_RIGHT } from "./plot-area.ts";
import type { TimeSpan } from "./signal-range.ts";
import { tickWords, timeTicks } from "./time-ticks.ts";
import { valueTicks } from "./value-ticks.ts";

/** One line of one chart. */
export interface PlotLine {
  readonly name: string;
  readonly color: string;
  readonly dash: string | null;
  /** One for each of the times; null: none. */
  readonly values: readonly (number | null)[];
}

interface SignalPlotProps {
  readonly span: TimeSpan;
  readonly times: readonly number[];
  readonly stepMs: number;
  readonly lines: readonly PlotLine[];
  /** Lies on each other, as parts of a whole. */
  readonly stacked: boolean;
  readonly format: (value: number) => string;
  /** The axis reaches as high at least, so that next to nothing looks like it. */
  readonly leastTop: number;
}

const TICKS_MOST = 7;
/** Points fewer than this are drawn as dots, too: one alone among gaps is no line. */
const DOTTED_MAX = 60;

/** Lines over time. Drawn anew only with other figures: what moves with the pointer lies above it. */
export const SignalPlot = memo(function SignalPlot(props: SignalPlotProps) {
  const { span, times, stepMs, lines, stacked, format, leastTop } = props;
  const rows = useMemo(() => rowsOf(times, lines, stacked ? stepMs : null), [times, lines, stacked, stepMs]);
  const ticks = useMemo(
    () => valueTicks(topOf(rows, lines.length, stacked), leastTop),
    [rows, lines, stacked, leastTop],
  );
  return (
    <ResponsiveContainer width="100%" height="100%">
      <ComposedChart
        data={rows}
        margin={{ top: 8, right: AXIS_RIGHT, bottom: 0, left: 0 }}
        accessibilityLayer={false}
        stackOffset="none"
      >
        <CartesianGrid stroke="var(--line)" vertical={false} />
        <XAxis
          dataKey="atMs"
          type="number"
          domain={[span.fromMs, span.toMs]}
          allowDataOverflow
          ticks={[...timeTicks(span, TICKS_MOST)]}
          tickFormatter={(atMs: number) => tickWords(atMs, span)}
          minTickGap={8}
          {...AXIS_STYLE}
        />
        <YAxis
          width={AXIS_LEFT}
          domain={[0, ticks.at(-1) ?? leastTop]}
          ticks={[...ticks]}
          tickFormatter={format}
          {...AXIS_STYLE}
          axisLine={false}
        />
        {lines.map(({ name, color, dash }, at) =>
          stacked ? (
            <Area
              key={name}
              dataKey={at.toString()}
              stackId="whole"
              type="stepAfter"
              stroke={color}
              strokeWidth={1}
              {...(dash !== null && { strokeDasharray: dash })}
              fill={color}
              fillOpacity={dash === null ? 0.55 : 0.3}
              activeDot={false}
              isAnimationActive={false}
            />
          ) : (
            <Line
              key={name}
              dataKey={at.toString()}
              type={stepMs <= 10_000 ? "linear" : "monotone"}
              stroke={color}
              strokeWidth={1.75}
              {...(dash !== null && { strokeDasharray: dash })}
              activeDot={false}
              dot={times.length <= DOTTED_MAX ? { r: 1.5, strokeWidth: 0, fill: color } : false}
              isAnimationActive={false}
            />
          ),
        )}
      </ComposedChart>
    </ResponsiveContainer>
  );
});

type Row = Readonly<Record<string, number | null>>;

/** With `stepMs`, the last row stands once more at its end: areas are steps, and the last one has a width too. */
function rowsOf(times: readonly number[], lines: readonly PlotLine[], stepMs: number | null): Row[] {
  const drawn = stepMs === null ? lines : lines.map((line, at) => (at === 0 ? line : withoutNothing(line)));
  const rows = times.map((atMs, at) => rowAt(atMs, at, drawn));
  const lastMs = times.at(-1);
  return stepMs === null || lastMs === undefined ? rows : [...rows, rowAt(lastMs + stepMs, times.length - 1, drawn)];
}

/**
 * A layer of a pile without the stretches in which it adds nothing: there its line would trace the layer beneath it, and look
 * like something. The first time after a stretch with something stays, as a step ends there.
 */
function withoutNothing(line: PlotLine): PlotLine {
  const { values } = line;
  return { ...line, values: values.map((value, at) => (value === 0 && (values[at - 1] ?? 0) === 0 ? null : value)) };
}

function rowAt(atMs: number, at: number, lines: readonly PlotLine[]): Row {
  return Object.fromEntries([
    ["atMs", atMs],
    ...lines.map(({ values }, line): [string, number | null] => [line.toString(), values[at] ?? null]),
  ]);
}

function topOf(rows: readonly Row[], lines: number, stacked: boolean): number {
  const keys = Array.from({ length: lines }, (_, line) => line.toString());
  return rows.reduce((top, row) => {
    const values = keys.map((key) => row[key] ?? 0);
    return Math.max(top, stacked ? values.reduce((sum, value) => sum + value, 0) : Math.max(0, ...values));
  }, 0);
}
