"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { SignalsQuery } from "#domain/history.ts";
import { useTRPC } from "../../api/trpc.ts";
import { formatLatency, formatPercent, formatRate } from "../../format/number.ts";
import { useLive } from "../../live/live-provider.tsx";
import { useServerNow } from "../../live/use-now.ts";
import { DetailSection } from "../detail-parts.tsx";
import { SmallChart, type SmallPoint } from "./small-chart.tsx";

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
  const step = (signals?.stepSeconds ?? 1) * 1000;
  const drawn = (value: (point: Point) => number | null): SmallPoint[] =>
    withGaps(
      points.map((point) => ({ atMs: point.atMs, value: value(point) })),
      recorded.length > 1 ? step : STEP_MS,
    );
  return (
    <DetailSection title={recorded.length > 1 ? "Last 15 minutes" : "Since this page was opened"}>
      <div className="flex flex-col gap-2">
        <SmallChart
          label="Requests"
          points={drawn((point) => point.requestsPerSecond)}
          color="var(--accent)"
          format={formatRate}
        />
        <SmallChart
          label="Errors"
          points={drawn((point) => point.errorPercent)}
          color="var(--bad)"
          format={formatPercent}
        />
        {points.some(({ p95Ms }) => p95Ms !== null) && (
          <SmallChart label="p95" points={drawn((point) => point.p95Ms)} color="var(--warn)" format={formatLatency} />
        )}
      </div>
    </DetailSection>
  );
}

/** A span without a point is a gap of the line. */
function withGaps(points: readonly SmallPoint[], stepMs: number): SmallPoint[] {
  return points.flatMap((point, at) => {
    const before = points[at - 1];
    const isGap = before !== undefined && point.atMs - before.atMs > 1.5 * stepMs;
    return isGap ? [{ atMs: before.atMs + stepMs, value: null }, point] : [point];
  });
}
