"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTRPC } from "../api/trpc.ts";
import type { TimeSpan } from "./axis-window.ts";

/** Points across the axis: about one for four px of a wide page. */
const POINTS = 300;
const SHORTEST_REFRESH_MS = 2000;
const LONGEST_REFRESH_MS = 15_000;

/** What the axis draws, from round times to round times, so that one that goes on is not read again all the time. */
export function useAxisData({ fromMs, toMs }: TimeSpan, live: boolean) {
  const trpc = useTRPC();
  const roundMs = Math.max(SHORTEST_REFRESH_MS, Math.round((toMs - fromMs) / POINTS));
  const freshMs = Math.min(roundMs, LONGEST_REFRESH_MS);
  const asked = { fromMs: Math.floor(fromMs / roundMs) * roundMs, toMs: Math.ceil(toMs / roundMs) * roundMs };
  const options = {
    staleTime: freshMs,
    refetchInterval: live ? freshMs : false,
    placeholderData: keepPreviousData,
    gcTime: 60_000,
    trpc: { abortOnUnmount: true },
  } as const;
  const mesh = useQuery(trpc.history.mesh.queryOptions({ ...asked, points: POINTS }, options));
  const markers = useQuery(trpc.history.markers.queryOptions(asked, options));
  return { mesh, markers };
}
