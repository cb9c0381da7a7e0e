"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { MeshPoint } from "#domain/history.ts";
import { useTRPC } from "../api/trpc.ts";
import { useServerValue } from "../live/use-now.ts";
import { meanOf, type MeshMean } from "./compare-words.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** What is compared: the last ten minutes with ten minutes before. */
const COMPARED_MS = 600_000;
const POINTS = 120;
/** How often the hour is read again, and the day before, ms. */
const HOUR_STEP_MS = 15_000;
const DAY_STEP_MS = 300_000;

export interface MeshHistory {
  readonly points: readonly MeshPoint[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly now: MeshMean | null;
  /** The earlier time that is on record, best first: yesterday's, then an hour ago. Null: neither is. */
  readonly before: { readonly mean: MeshMean; readonly when: string } | null;
  readonly error: unknown;
}

/** The whole mesh over the last hour, beside what it was. */
export function useMeshHistory(): MeshHistory {
  const { history } = useTRPC();
  const toMs = useServerValue((nowMs) => Math.floor(nowMs / HOUR_STEP_MS) * HOUR_STEP_MS);
  const dayMs = useServerValue((nowMs) => Math.floor(nowMs / DAY_STEP_MS) * DAY_STEP_MS) - DAY_MS;
  const fromMs = toMs - HOUR_MS;
  const kept = { placeholderData: keepPreviousData, staleTime: HOUR_STEP_MS };
  const hour = useQuery(history.mesh.queryOptions({ fromMs, toMs, points: POINTS }, kept));
  const yesterday = useQuery(
    history.mesh.queryOptions(
      { fromMs: dayMs - COMPARED_MS / 2, toMs: dayMs + COMPARED_MS / 2, points: 10 },
      { ...kept, staleTime: DAY_STEP_MS },
    ),
  );
  const points = hour.data ?? [];
  const dayMean = meanOf(yesterday.data ?? []);
  const hourMean = meanOf(points.filter(({ atMs }) => atMs < fromMs + COMPARED_MS));
  return {
    points,
    fromMs,
    toMs,
    now: meanOf(points.filter(({ atMs }) => atMs >= toMs - COMPARED_MS)),
    before:
      dayMean !== null
        ? { mean: dayMean, when: "yesterday" }
        : hourMean !== null
          ? { mean: hourMean, when: "an hour ago" }
          : null,
    error: hour.error,
  };
}
