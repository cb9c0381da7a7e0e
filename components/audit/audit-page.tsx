"use client";

import { ScrollText } from "lucide-react";
import { useDeferredValue } from "react";
import { AUDIT_ACTIONS, AuditAction } from "#domain/audit.ts";
import { formatCount } from "../format/number.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { NativeSelect } from "../ui/input.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { Panel } from "../ui/panel.tsx";
import { SearchInput } from "../ui/search-input.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { useUrlState } from "../ui/use-url-state.ts";
import { ACTION_WORDS } from "./action-words.ts";
import { AuditTable } from "./audit-table.tsx";
import { ChainCheck } from "./chain-check.tsx";
import { useAuditPages } from "./use-audit-pages.ts";

/** In the address: a breaker that keeps failing its trials writes two entries each time, and what people did drowns in them. */
const QUIET = "all-but-transitions";

/** Who did what, when, and what it changed. Nobody can rewrite it, and one may check that. */
export function AuditPage() {
  const [search, setSearch] = useUrlState("q");
  const [wanted, setWanted] = useUrlState("action");
  const action = AuditAction.safeParse(wanted).data;
  const quiet = wanted === QUIET;
  const [entryText, setEntry] = useUrlState("entry");
  const entry = entryText !== null && /^[1-9]\d{0,14}$/.test(entryText) ? Number(entryText) : null;
  const pages = useAuditPages(
    useDeferredValue(search ?? ""),
    quiet ? { exceptAction: "breaker.transition" } : action === undefined ? {} : { action },
    entry,
  );
  const entries = pages.data?.pages.flatMap((page) => page.entries) ?? [];
  const total = pages.data?.pages[0]?.total;
  const filtered = (search ?? "") !== "" || quiet || action !== undefined;
  return (
    <>
      <PageHeader
        title="Audit"
        note={
          total === undefined
            ? undefined
            : `${formatCount(total)} ${filtered ? "matching " : ""}${total === 1 ? "entry" : "entries"}`
        }
        actions={
          <>
            <ChainCheck />
            <NativeSelect
              aria-label="Action"
              className="w-auto"
              value={quiet ? QUIET : (action ?? "")}
              onChange={(event) => {
                setWanted(event.target.value);
              }}
            >
              <option value="">All actions</option>
              <option value={QUIET}>All but breaker transitions</option>
              {AUDIT_ACTIONS.map((one) => (
                <option key={one} value={one}>
                  {ACTION_WORDS[one].word}
                </option>
              ))}
            </NativeSelect>
            <SearchInput label="Search the log" value={search ?? ""} onChange={setSearch} />
          </>
        }
      />
      {pages.isError && pages.data === undefined ? (
        <ErrorState error={pages.error} onRetry={() => void pages.refetch()} />
      ) : (
        <Panel padded={false}>
          {pages.isPending && <SkeletonRows rows={10} />}
          {pages.data !== undefined && entries.length === 0 && (
            <EmptyState icon={ScrollText} title={filtered ? "No entry matches" : "Nothing has happened yet"}>
              {!filtered && "Every edit, every forced breaker and every breaker's own transition will stand here."}
            </EmptyState>
          )}
          {entry !== null && (
            <div className="flex flex-wrap items-center gap-3 border-b border-line px-4 py-2">
              <span className="text-ink-2">From entry {entry} backwards</span>
              <Button
                size="sm"
                onClick={() => {
                  setEntry(null);
                }}
              >
                Latest entries
              </Button>
            </div>
          )}
          {entries.length > 0 && <AuditTable key={entry} entries={entries} entry={entry} />}
          {pages.hasNextPage && (
            <div className="flex justify-center border-t border-line p-3">
              <Button disabled={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
                {pages.isFetchingNextPage ? "Loading…" : "Older entries"}
              </Button>
            </div>
          )}
        </Panel>
      )}
    </>
  );
}
