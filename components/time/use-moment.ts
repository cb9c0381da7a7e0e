"use client";

import { keepPreviousData, skipToken, useQuery, type QueryClient } from "@tanstack/react-query";
import type { Moment } from "#domain/history.ts";
import { useTRPC } from "../api/trpc.ts";

/** The mesh as it was, while it is read too. */
export interface PastMoment {
  /** Unix epoch, ms. */
  readonly wantedMs: number;
  /** What is shown: of an earlier choice while the wanted one is being read. Null: nothing has come, or nothing is on record. */
  readonly moment: Moment | null;
  readonly loading: boolean;
  /** Why there is none; null while there is no problem. */
  readonly problem: unknown;
  readonly retry: () => void;
}

/** Windows that a gateway held back still come in for so long, ms. */
const SETTLED_AFTER_MS = 2 * 60_000;
const REFRESH_MS = 5000;

type Trpc = ReturnType<typeof useTRPC>;

const OPTIONS = {
  // A moment of a large mesh is some MB, and scrubbing reads many.
  gcTime: 60_000,
  // While one scrubs, an answer that nobody waits for any more is not waited for.
  trpc: { abortOnUnmount: true },
} as const;

interface ReadMoment {
  readonly state: { readonly data: Moment | undefined; readonly dataUpdatedAt: number };
}

function staleTime({ state: { data, dataUpdatedAt } }: ReadMoment): number {
  return data !== undefined && dataUpdatedAt - data.toMs > SETTLED_AFTER_MS ? Infinity : REFRESH_MS;
}

/** The mesh at a moment (Unix epoch, ms); null for none. The last one stays until the next has come. */
export function useMoment(atMs: number | null): PastMoment | null {
  const query = useQuery(
    useTRPC().history.moment.queryOptions(atMs === null ? skipToken : { atMs: Math.floor(atMs) }, {
      ...OPTIONS,
      staleTime,
      placeholderData: keepPreviousData,
    }),
  );
  if (atMs === null) return null;
  return {
    wantedMs: atMs,
    moment: query.data ?? null,
    loading: query.isPending || query.isPlaceholderData,
    problem: query.error,
    retry: () => void query.refetch(),
  };
}

/** Reads a moment that will probably be wanted next. */
export function prefetchMoment(client: QueryClient, trpc: Trpc, atMs: number): void {
  void client.prefetchQuery(trpc.history.moment.queryOptions({ atMs: Math.floor(atMs) }, { ...OPTIONS, staleTime }));
}
