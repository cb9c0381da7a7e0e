"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "../api/trpc.ts";
import { formatDateTime } from "../format/time.ts";
import { useSession } from "../identity/use-session.ts";
import { ErrorState } from "../ui/error-state.tsx";
import { Notice } from "../ui/notice.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { HealthForm } from "./health-form.tsx";

/** From where on services are called degraded or failing. */
export function HealthPage() {
  const trpc = useTRPC();
  const row = useQuery(trpc.health.get.queryOptions());
  const role = useSession().data?.person?.role;
  return (
    <>
      <PageHeader
        title="Health"
        note={
          row.data === undefined
            ? "From where on services are called degraded or failing"
            : row.data.version === 0
              ? "The defaults bind: nobody has changed them"
              : `Version ${row.data.version.toString()}, saved by ${row.data.updatedBy} at ${formatDateTime(row.data.updatedAtMs)}`
        }
      />
      {role === "viewer" && (
        <Notice tone="info" className="mb-4">
          You may look and try thresholds out. Saving them needs the role operator.
        </Notice>
      )}
      {row.error !== null && row.data === undefined && (
        <ErrorState error={row.error} onRetry={() => void row.refetch()} />
      )}
      {row.isPending && (
        <div role="status" aria-label="Loading" className="flex flex-col gap-4">
          <Skeleton className="h-40 rounded-lg" />
          <Skeleton className="h-64 rounded-lg" />
        </div>
      )}
      {row.data !== undefined && <HealthForm row={row.data} />}
    </>
  );
}
