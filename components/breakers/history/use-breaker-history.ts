"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "../../api/trpc.ts";
import type { TimeRange } from "./time-range.ts";

/** One breaker's history up to now, read again as often as its range makes worth while. */
export function useBreakerHistory(
  command: { readonly routeId: string; readonly service: string },
  { ms, refreshMs }: TimeRange,
) {
  const trpc = useTRPC();
  return useQuery(
    trpc.breakers.history.queryOptions(
      { ...command, spanMs: ms },
      { refetchInterval: refreshMs, staleTime: refreshMs },
    ),
  );
}
