"use client";

import { History } from "lucide-react";
import { plainText } from "../diff/plain-text.ts";
import { useRecentDeliveries } from "../delivery/use-delivery-times.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { Panel } from "../ui/panel.tsx";
import { SearchInput } from "../ui/search-input.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { useTextFilter } from "../ui/use-text-filter.ts";
import { EditsTable } from "./edits-table.tsx";

/** The latest edits on their way: who saved what, and how long it took to every gateway. */
export function EditsPanel() {
  const edits = useRecentDeliveries();
  const filter = useTextFilter("edits");
  const shown = (edits.data ?? []).filter(({ revision, actor, summary, targets }) =>
    filter.matches(revision.toString(), actor, summary, ...targets),
  );
  return (
    <Panel
      title="Latest edits"
      note={
        edits.data === undefined || edits.data.length === 0 ? undefined : `the last ${edits.data.length.toString()}`
      }
      actions={<SearchInput label="Search edits" value={filter.text} onChange={filter.setText} />}
      padded={edits.isError && edits.data === undefined}
    >
      {edits.isPending && <SkeletonRows rows={4} />}
      {edits.isError && edits.data === undefined && (
        <ErrorState error={edits.error} onRetry={() => void edits.refetch()} />
      )}
      {edits.data?.length === 0 && (
        <EmptyState icon={History} title="Nothing has been edited yet">
          Every edit will stand here with the time it took to be published and applied.
        </EmptyState>
      )}
      {edits.data !== undefined && edits.data.length > 0 && shown.length === 0 && (
        <EmptyState icon={History} title={`No edit matches “${plainText(filter.text)}”`} />
      )}
      {shown.length > 0 && <EditsTable edits={shown} />}
    </Panel>
  );
}
