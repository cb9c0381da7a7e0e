"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Marker } from "#domain/history.ts";
import { useTRPC } from "../api/trpc.ts";
import { concernsAny } from "./cluster-markers.ts";
import type { TimeSpan } from "./signal-range.ts";

/** Read again this often while the present is shown, ms. */
const EVERY_MS = 10_000;
const NONE: readonly Marker[] = [];

/** What happened within a span to anything of these names. Without an answer, nothing: charts do not wait for it. */
export function useServiceMarkers(
  names: ReadonlySet<string>,
  { fromMs, toMs }: TimeSpan,
  isLive: boolean,
): readonly Marker[] {
  const { history } = useTRPC();
  const everyMs = isLive ? EVERY_MS : 1;
  const span = { fromMs: Math.floor(fromMs / everyMs) * everyMs, toMs: Math.ceil(toMs / everyMs) * everyMs };
  const { data } = useQuery(
    history.markers.queryOptions(span, { placeholderData: keepPreviousData, staleTime: EVERY_MS }),
  );
  return useMemo(() => data?.markers.filter((marker) => concernsAny(marker, names)) ?? NONE, [data, names]);
}
