"use client";

import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import type { AuditQuery } from "#domain/audit.ts";
import { useTRPC, useTRPCClient } from "../api/trpc.ts";
import type { ShownPage } from "./shown-entry.ts";

const PAGE_SIZE = 50;
/** Breakers write to the log by themselves, so the list is read again from time to time, ms. */
const REFRESH_MS = 5000;

/** The log from one entry (null: its latest) backwards, page by page. */
export function useAuditPages(
  search: string,
  actions: Pick<AuditQuery, "action" | "exceptAction">,
  entry: number | null,
) {
  const first = entry === null ? null : entry + 1;
  const trpc = useTRPC();
  const client = useTRPCClient();
  return useInfiniteQuery({
    queryKey: [...trpc.audit.list.pathKey(), "pages", search, actions, first],
    queryFn: ({ pageParam, signal }): Promise<ShownPage> =>
      client.audit.list.query(
        {
          limit: PAGE_SIZE,
          ...(search !== "" && { search }),
          ...actions,
          ...(pageParam !== null && { beforeSequence: pageParam }),
        },
        { signal },
      ),
    initialPageParam: first,
    getNextPageParam: (page) => page.nextBefore,
    placeholderData: keepPreviousData,
    // With many pages open somebody is reading old entries; the list must not move under them.
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 1) > 1 ? false : REFRESH_MS),
  });
}
