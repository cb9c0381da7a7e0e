"use client";

import { useCallback, useMemo, useState } from "react";
import type { Finding } from "#domain/route-finding.ts";
import type { PolicyRow } from "#domain/policy.ts";
import type { RouteSpec } from "#domain/route.ts";
import { useLivePart } from "../live/live-provider.tsx";
import { ShowAllButton } from "../ui/show-all-button.tsx";
import { SortableTh, Table, Th } from "../ui/table.tsx";
import { useNarrow } from "../ui/use-narrow.ts";
import { useSorted } from "../ui/use-sorted.ts";
import { DeleteRouteDialog } from "./delete-route-dialog.tsx";
import { findingsRank } from "./finding-style.ts";
import { routeRates } from "./known-services.ts";
import { RouteTr } from "./route-tr.tsx";

type Row = PolicyRow<RouteSpec>;

/** More are drawn when asked for: each row follows its traffic and its delivery. */
const FIRST = 200;
const NO_FINDINGS: readonly Finding[] = [];

interface RoutesTableProps {
  readonly rows: readonly Row[];
  /** What the checks say of each route, worst first. */
  readonly findings: ReadonlyMap<string, readonly Finding[]>;
  readonly mayEdit: boolean;
}

/** Routes as rows. On phones what has no column of its own stands below the name. */
export function RoutesTable({ rows, findings, mayEdit }: RoutesTableProps) {
  const breakers = useLivePart(({ picture }) => picture?.breakers);
  const rates = useMemo(() => routeRates(breakers ?? []), [breakers]);
  const [deleting, setDeleting] = useState<Row | null>(null);
  const [all, setAll] = useState(false);
  const isNarrow = useNarrow();
  const remove = useCallback((row: Row) => {
    setDeleting(row);
  }, []);
  const { sorted, sorting } = useSorted(
    rows,
    {
      id: (row) => row.id,
      priority: (row) => row.spec.priority,
      rate: (row) => rates.get(row.id) ?? 0,
      revision: (row) => row.revision,
      checks: (row) => findingsRank(findings.get(row.id) ?? NO_FINDINGS),
    },
    "id",
  );
  return (
    <>
      <Table caption="Routes">
        <thead>
          <tr>
            <SortableTh column="id" sorting={sorting}>
              Route
            </SortableTh>
            {!isNarrow && (
              <>
                <Th>Matches</Th>
                <Th>Destinations</Th>
                <SortableTh column="priority" sorting={sorting} numeric>
                  Priority
                </SortableTh>
              </>
            )}
            <SortableTh column="rate" sorting={sorting} numeric>
              Requests
            </SortableTh>
            {!isNarrow && (
              <>
                <SortableTh column="checks" sorting={sorting}>
                  Checks
                </SortableTh>
                <SortableTh column="revision" sorting={sorting}>
                  Delivery
                </SortableTh>
              </>
            )}
            <Th>
              <span className="sr-only">Actions</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {(all ? sorted : sorted.slice(0, FIRST)).map((row) => (
            <RouteTr
              key={row.id}
              row={row}
              requestsPerSecond={rates.get(row.id) ?? 0}
              findings={findings.get(row.id) ?? NO_FINDINGS}
              isNarrow={isNarrow}
              mayEdit={mayEdit}
              onDelete={remove}
            />
          ))}
        </tbody>
      </Table>
      {sorted.length > FIRST && <ShowAllButton count={sorted.length} all={all} onChange={setAll} />}
      {deleting !== null && (
        <DeleteRouteDialog
          row={deleting}
          open
          onOpenChange={(open) => {
            if (!open) setDeleting(null);
          }}
        />
      )}
    </>
  );
}
