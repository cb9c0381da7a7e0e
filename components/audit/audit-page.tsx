"use client";

import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { ScrollText } from "lucide-react";
import { useDeferredValue } from "react";
import { AUDIT_ACTIONS, AuditAction } from "#domain/audit.ts";
import { useTRPC, useTRPCClient } from "../api/trpc.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { Panel } from "../ui/panel.tsx";
import { SearchInput } from "../ui/search-input.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { useUrlState } from "../ui/use-url-state.ts";
import { ACTION_WORDS } from "./action-words.ts";
import { AuditTable } from "./audit-table.tsx";
import { ChainState } from "./chain-state.tsx";

const PAGE_SIZE = 50;

/** Who changed what, when, from what to what. */
export function AuditPage() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const [search, setSearch] = useUrlState("q");
  const [actionText, setAction] = useUrlState("action");
  const action = AuditAction.safeParse(actionText).data;
  const query = {
    limit: PAGE_SIZE,
    search: useDeferredValue(search ?? ""),
    ...(action === undefined ? {} : { action }),
  };
  const log = useInfiniteQuery({
    // Below the procedure's own key, so that it is asked again with everything else when something was saved.
    queryKey: [...trpc.audit.list.pathKey(), query],
    queryFn: ({ pageParam, signal }) =>
      client.audit.list.query({ ...query, ...(pageParam === null ? {} : { beforeSequence: pageParam }) }, { signal }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.nextBefore,
    placeholderData: keepPreviousData,
  });
  const pages = log.data?.pages ?? [];
  const entries = pages.flatMap((page) => page.entries);
  const isFiltered = query.search !== "" || action !== undefined;
  return (
    <>
      <PageHeader
        title="Audit"
        note={
          pages[0] === undefined
            ? undefined
            : `${pages[0].total.toString()} ${isFiltered ? "matching" : ""} entries, latest first`
        }
        actions={
          <>
            <SearchInput label="Search the log" value={search ?? ""} onChange={setSearch} />
            <ActionFilter value={action} onChange={setAction} />
          </>
        }
      />
      <ChainState />
      {log.isError && log.data === undefined && <ErrorState error={log.error} onRetry={() => void log.refetch()} />}
      {(log.isPending || log.data !== undefined) && (
        <Panel padded={false} className="mt-4">
          {log.isPending && <SkeletonRows />}
          {log.data !== undefined && entries.length === 0 && (
            <EmptyState icon={ScrollText} title={isFiltered ? "No entry matches" : "Nothing has been changed yet"}>
              {isFiltered
                ? "Search looks at names, targets and summaries."
                : "Every edit, override and transition of a breaker will be listed here."}
            </EmptyState>
          )}
          {entries.length > 0 && <AuditTable entries={entries} />}
          {log.hasNextPage && (
            <div className="border-t border-line p-3 text-center">
              <Button disabled={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
                {log.isFetchingNextPage ? "Loading…" : "Older entries"}
              </Button>
            </div>
          )}
        </Panel>
      )}
    </>
  );
}

function ActionFilter({
  value,
  onChange,
}: {
  value: AuditAction | undefined;
  onChange: (value: string | null) => void;
}) {
  return (
    <select
      aria-label="Action"
      className="h-8 rounded-md border border-line-strong bg-surface px-2 max-sm:w-full"
      value={value ?? ""}
      onChange={(event) => {
        onChange(event.target.value === "" ? null : event.target.value);
      }}
    >
      <option value="">All actions</option>
      {AUDIT_ACTIONS.map((action) => (
        <option key={action} value={action}>
          {ACTION_WORDS[action]}
        </option>
      ))}
    </select>
  );
}
