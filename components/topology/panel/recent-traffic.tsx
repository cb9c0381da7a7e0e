"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { SignalsQuery } from "#domain/history.ts";
import { useTRPC } from "../../api/trpc.ts";
import { Sparkline } from "../../charts/sparkline.tsx";
import { formatLatency, formatPercent, formatRate, NO_VALUE } from "../../format/number.ts";
import { formatMoment, formatSpan } from "../../format/time.ts";
import { useLive } from "../../live/live-provider.tsx";
import { useServerNow } from "../../live/use-now.ts";
import { DetailSection } from "../detail-parts.tsx";

const SPAN_MS = 15 * 60_000;
/** Charts go on by steps of this many ms: each step asks the console once. */
const STEP_MS = 10_000;

interface RecentTrafficProps {
  readonly of: Pick<SignalsQuery, "service" | "direction" | "by">;
  /** The line that is drawn; `total` has one only. Null: the first. */
  readonly line: string | null;
  /** Node whose last minutes this page itself has seen, for a console that has recorded nothing yet; null: there is none. */
  readonly nodeId: string | null;
  /** Unix epoch, ms; null: now. */
  readonly atMs: number | null;
}

interface Point {
  readonly atMs: number;
  readonly requestsPerSecond: number;
  readonly errorPercent: number;
  readonly p95Ms: number | null;
}

/** Requests, errors and latency of the quarter of an hour up to the moment that is shown. */
export function RecentTraffic({ of, line, nodeId, atMs }: RecentTrafficProps) {
  const nowMs = useServerNow();
  const toMs = atMs ?? Math.floor(nowMs / STEP_MS) * STEP_MS;
  const signals = useQuery(
    useTRPC().history.signals.queryOptions(
      { ...of, fromMs: toMs - SPAN_MS, toMs, points: 90 },
      { placeholderData: keepPreviousData },
    ),
  ).data;
  const lines = signals?.lines ?? [];
  const recorded = (line === null ? lines[0] : lines.find(({ name }) => name === line))?.points ?? [];
  const seen = useLive().trends.get(nodeId ?? "") ?? [];
  const ofPage = atMs === null ? seen.map((point): Point => ({ ...point, p95Ms: null })) : [];
  const points: readonly Point[] = recorded.length > 1 ? recorded : ofPage;
  if (points.length < 2) return null;
  const isRecorded = recorded.length > 1;
  const fromMs = isRecorded ? toMs - SPAN_MS : Math.max(toMs - SPAN_MS, points[0]?.atMs ?? 0);
  const span = { fromMs, toMs: Math.max(toMs, points.at(-1)?.atMs ?? 0) };
  return (
    <DetailSection title={titleFor(isRecorded, atMs, nowMs)}>
      <div className="flex flex-col gap-2">
        <Chart {...CHARTS.requests} span={span} points={points} />
        <Chart {...CHARTS.errors} span={span} points={points} />
        {points.some(({ p95Ms }) => p95Ms !== null) && <Chart {...CHARTS.p95} span={span} points={points} />}
        <p aria-hidden className="flex justify-between text-xs text-ink-3 tabular-nums">
          <span>{formatMoment(span.fromMs, nowMs)}</span>
          <span>{atMs === null ? "now" : formatMoment(atMs, nowMs)}</span>
        </p>
      </div>
    </DetailSection>
  );
}

function titleFor(isRecorded: boolean, atMs: number | null, nowMs: number): string {
  if (!isRecorded) return "Since this page was opened";
  const span = formatSpan(SPAN_MS);
  return atMs === null ? `Last ${span}` : `${span} up to ${formatMoment(atMs, nowMs)}`;
}

interface ChartKind {
  readonly label: string;
  readonly color: string;
  /** Of the highest the line is drawn at least: next to nothing looks like it. */
  readonly leastTop: number;
  readonly valueOf: (point: Point) => number | null;
  readonly format: (value: number) => string;
}

const CHARTS: Readonly<Record<"requests" | "errors" | "p95", ChartKind>> = {
  requests: {
    label: "Requests",
    color: "var(--accent)",
    leastTop: 1,
    valueOf: ({ requestsPerSecond }) => requestsPerSecond,
    format: formatRate,
  },
  errors: {
    label: "Errors",
    color: "var(--bad)",
    leastTop: 5,
    valueOf: ({ requestsPerSecond, errorPercent }) => (requestsPerSecond > 0 ? errorPercent : null),
    format: formatPercent,
  },
  p95: { label: "p95", color: "var(--warn)", leastTop: 1, valueOf: ({ p95Ms }) => p95Ms, format: formatLatency },
};

interface ChartProps extends ChartKind {
  readonly span: { readonly fromMs: number; readonly toMs: number };
  readonly points: readonly Point[];
}

/** One figure over the span, with its latest and its greatest value in words. */
function Chart({ label, color, leastTop, valueOf, format, span, points }: ChartProps) {
  const known = points.flatMap((point) => {
    const value = valueOf(point);
    return value === null ? [] : [{ atMs: point.atMs, value }];
  });
  const last = points.at(-1);
  const latest = last === undefined ? null : valueOf(last);
  const now = latest === null ? NO_VALUE : format(latest);
  const most = known.length === 0 ? NO_VALUE : format(Math.max(...known.map(({ value }) => value)));
  return (
    <figure>
      <figcaption className="flex gap-2 text-sm">
        <span className="text-ink-3">{label}</span>
        <span className="ml-auto font-medium">{now}</span>
        <span className="text-ink-3">max {most}</span>
      </figcaption>
      <Sparkline
        {...span}
        points={known}
        color={color}
        leastTop={leastTop}
        label={`${label}: ${now}, at most ${most}`}
      />
    </figure>
  );
}
