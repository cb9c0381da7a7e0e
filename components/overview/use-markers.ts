"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTRPC } from "../api/trpc.ts";
import { useServerValue } from "../live/use-now.ts";

/** What happened within the last `spanMs` (ms), read again every `everyMs`. */
export function useRecentMarkers(spanMs: number, everyMs: number) {
  const toMs = useServerValue((nowMs) => Math.ceil(nowMs / everyMs) * everyMs);
  return useQuery(
    useTRPC().history.markers.queryOptions(
      { fromMs: toMs - spanMs, toMs },
      { placeholderData: keepPreviousData, staleTime: everyMs },
    ),
  );
}
