"use client";

import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Signals, SignalsQuery } from "#domain/history.ts";
import { useTRPC, useTRPCClient } from "../api/trpc.ts";
import { useLiveStore } from "../live/live-provider.tsx";
import { extendSignals } from "./extend-signals.ts";
import type { SignalRange, TimeSpan } from "./signal-range.ts";

/** What is asked for, but for the time. */
type Subject = Pick<SignalsQuery, "service" | "direction" | "by">;

export interface ReadSignals extends TimeSpan {
  readonly signals: Signals;
}

/** So much of what is known is read again with the newest part: roll-ups come a little late, ms. */
const OVERLAP_MS = 30_000;
/** The charts move on no more often than this, ms. */
const LEAST_REFRESH_MS = 2000;
const MOST_REFRESH_MS = 30_000;
/** Points of a stretch of the past. */
const ZOOM_POINTS = 300;

/**
 * The golden signals, up to now or of a stretch of the past. Up to now, all of it is read once, and then only what came
 * since: a day of lines for every second would cost more than it says.
 */
export function useSignals(subject: Subject, range: SignalRange, zoom: TimeSpan | null) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const store = useLiveStore();
  const queryKey = [
    ...trpc.history.signals.pathKey(),
    "shown",
    subject,
    zoom === null ? range.value : [zoom.fromMs, zoom.toMs],
  ];
  return useQuery({
    queryKey,
    queryFn: async ({ signal }): Promise<ReadSignals> => {
      const read = (span: TimeSpan, points: number): Promise<Signals> =>
        client.history.signals.query({ ...subject, ...span, points }, { signal });
      if (zoom !== null) return { ...zoom, signals: await read(zoom, ZOOM_POINTS) };
      const nowMs = Date.now() + store.get().clockAheadMs;
      const span = liveSpan(range, nowMs);
      const known = queryClient.getQueryData<ReadSignals>(queryKey);
      const extended = known === undefined ? null : await readOn(known, span, read);
      return { ...span, signals: extended ?? (await read(span, range.ms / range.stepMs)) };
    },
    placeholderData: keepPreviousData,
    staleTime: zoom === null ? 0 : Number.POSITIVE_INFINITY,
    refetchInterval: zoom === null ? Math.min(MOST_REFRESH_MS, Math.max(LEAST_REFRESH_MS, range.stepMs)) : false,
  });
}

/** The stretch that ends with the span under way. */
function liveSpan({ ms, stepMs }: SignalRange, nowMs: number): TimeSpan {
  const toMs = Math.ceil(nowMs / stepMs) * stepMs;
  return { fromMs: toMs - ms, toMs };
}

async function readOn(
  known: ReadSignals,
  span: TimeSpan,
  read: (span: TimeSpan, points: number) => Promise<Signals>,
): Promise<Signals | null> {
  // As the answer has it: what is on record may be coarser than what was asked for.
  const stepMs = known.signals.stepSeconds * 1000;
  const overlapMs = Math.max(2 * stepMs, Math.ceil(OVERLAP_MS / stepMs) * stepMs);
  const fromMs = Math.floor((known.toMs - overlapMs) / stepMs) * stepMs;
  // Who looked away for long has little that is still shown.
  if (fromMs <= span.fromMs || known.signals.lines.length === 0) return null;
  const tail = await read({ fromMs, toMs: span.toMs }, Math.ceil((span.toMs - fromMs) / stepMs));
  return extendSignals(known.signals, tail, span.fromMs - stepMs);
}
