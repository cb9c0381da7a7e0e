"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTRPC } from "../api/trpc.ts";
import type { TimeSpan } from "./axis-window.ts";

/** Points across the axis: about one for four px of a wide page. */
const POINTS = 300;
const SHORTEST_REFRESH_MS = 2000;

/** What the axis draws, and a little on both sides of it, so that moving it does not read it again at once. */
export function useAxisData({ fromMs, toMs }: TimeSpan, live: boolean) {
  const trpc = useTRPC();
  const part = (toMs - fromMs) / 4;
  const asked = {
    fromMs: Math.floor(Math.floor(fromMs / part) * part),
    toMs: Math.ceil(Math.ceil(toMs / part) * part),
  };
  const refreshMs = Math.max(SHORTEST_REFRESH_MS, (toMs - fromMs) / POINTS);
  const options = {
    staleTime: refreshMs,
    refetchInterval: live ? refreshMs : false,
    placeholderData: keepPreviousData,
    gcTime: 60_000,
    trpc: { abortOnUnmount: true },
  } as const;
  const mesh = useQuery(trpc.history.mesh.queryOptions({ ...asked, points: POINTS * 1.5 }, options));
  const markers = useQuery(trpc.history.markers.queryOptions(asked, options));
  return { mesh, markers };
}
