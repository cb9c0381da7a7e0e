"use client";

import { useMemo, type ReactNode } from "react";
import type { SignalPoint } from "#domain/history.ts";
import { ChartKey } from "../charts/chart-key.tsx";
import { ChartBox } from "./chart-box.tsx";
import type { MarkerCluster } from "./cluster-markers.ts";
import type { LineStyle } from "./line-style.ts";
import { BYTES, ERRORS, IN_FLIGHT, LATENCY, RATE, type Metric } from "./metrics.ts";
import type { SignalFrame } from "./signal-frame.ts";
import { SignalPlot, type PlotLine } from "./signal-plot.tsx";
import type { TimeSpan } from "./signal-range.ts";
import type { Percentile } from "./use-signal-address.ts";

interface SignalChartsProps {
  readonly frame: SignalFrame;
  /** Style of each of the frame's lines. */
  readonly styles: readonly LineStyle[];
  readonly hidden: ReadonlySet<string>;
  /** One line for everything: traffic is parted by outcome, and latency drawn at three percentiles. */
  readonly isTotal: boolean;
  readonly percentile: Percentile;
  readonly clusters: readonly MarkerCluster[];
  readonly onZoom: (span: TimeSpan) => void;
  /** `calls to payments, last hour`. */
  readonly subject: string;
  readonly tooltip: ReactNode;
}

const OUTCOME_KEY = [
  { name: "Succeeded", color: "var(--series-success)" },
  { name: "Failed or refused", color: "var(--series-failure)", dashed: true },
];
const PERCENTILE_KEY = [
  { name: "p50", color: "var(--series-1)" },
  { name: "p95", color: "var(--series-2)" },
  { name: "p99", color: "var(--series-4)" },
];

/** The golden signals over one time axis: traffic, errors, latency, saturation. */
export function SignalCharts(props: SignalChartsProps) {
  const { frame, styles, hidden, isTotal, percentile, clusters, onZoom, subject, tooltip } = props;
  const plots = useMemo(
    () => plotsOf(frame, styles, hidden, isTotal, percentile),
    [frame, styles, hidden, isTotal, percentile],
  );
  const shared = { span: frame, clusters, onZoom, tooltip };
  const plot = { span: frame, times: frame.times, stepMs: frame.stepMs };
  const chart = (
    id: string,
    title: string,
    metric: Metric,
    lines: readonly PlotLine[],
    more: { stacked?: boolean; leastTop: number },
  ) => (
    <ChartBox {...shared} id={id} title={title} unit={metric.unit} label={`${title} of ${subject}, ${metric.unit}`}>
      <SignalPlot
        {...plot}
        lines={lines}
        stacked={more.stacked ?? false}
        format={metric.format}
        leastTop={more.leastTop}
      />
    </ChartBox>
  );
  return (
    <div className="grid gap-x-6 gap-y-4 xl:grid-cols-2">
      <div className="min-w-0 xl:col-span-2">
        {chart("traffic", "Traffic", RATE, plots.traffic, { stacked: true, leastTop: 1 })}
        {isTotal && <ChartKey entries={OUTCOME_KEY} />}
      </div>
      {chart("errors", "Errors", ERRORS, plots.errors, { leastTop: 5 })}
      <div className="min-w-0">
        {chart("latency", isTotal ? "Latency" : `Latency, ${percentile}`, LATENCY[percentile], plots.latency, {
          leastTop: 1,
        })}
        {isTotal && <ChartKey entries={PERCENTILE_KEY} />}
      </div>
      {chart("in-flight", "Saturation: in flight", IN_FLIGHT, plots.inFlight, { leastTop: 4 })}
      {chart("bytes", "Saturation: answers", BYTES, plots.bytes, { leastTop: 1000 })}
    </div>
  );
}

interface Plots {
  readonly traffic: readonly PlotLine[];
  readonly errors: readonly PlotLine[];
  readonly latency: readonly PlotLine[];
  readonly inFlight: readonly PlotLine[];
  readonly bytes: readonly PlotLine[];
}

function plotsOf(
  frame: SignalFrame,
  styles: readonly LineStyle[],
  hidden: ReadonlySet<string>,
  isTotal: boolean,
  percentile: Percentile,
): Plots {
  const shown = frame.lines
    .map((line, at) => ({ ...line, style: styles[at] ?? { color: "var(--series-1)", dash: null } }))
    .filter(({ name }) => !hidden.has(name));
  const linesOf = (metric: Metric): PlotLine[] =>
    shown.map(({ name, style, points }) => ({ name, ...style, values: valuesOf(points, metric.valueOf) }));
  const points = shown[0]?.points ?? [];
  const perCent = ({ requestsPerSecond, errorPercent }: SignalPoint): number =>
    (requestsPerSecond * errorPercent) / 100;
  const traffic: PlotLine[] = [
    {
      name: "Succeeded",
      color: "var(--series-success)",
      dash: null,
      values: valuesOf(points, (point) => point.requestsPerSecond - perCent(point)),
    },
    { name: "Failed or refused", color: "var(--series-failure)", dash: "4 3", values: valuesOf(points, perCent) },
  ];
  const latency = PERCENTILE_KEY.map(({ name, color }, at): PlotLine => {
    const metric = [LATENCY.p50, LATENCY.p95, LATENCY.p99][at] ?? LATENCY.p50;
    return { name, color, dash: null, values: valuesOf(points, metric.valueOf) };
  });
  return {
    traffic: isTotal ? traffic : linesOf(RATE),
    errors: isTotal ? linesOf(ERRORS).map((line) => ({ ...line, color: "var(--series-failure)" })) : linesOf(ERRORS),
    latency: isTotal ? latency : linesOf(LATENCY[percentile]),
    inFlight: linesOf(IN_FLIGHT),
    bytes: linesOf(BYTES),
  };
}

function valuesOf(
  points: readonly (SignalPoint | null)[],
  valueOf: (point: SignalPoint) => number | null,
): (number | null)[] {
  return points.map((point) => (point === null ? null : valueOf(point)));
}
