"use client";

import { targetInWords } from "#domain/override.ts";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { commandKey, type BreakerPolicySpec } from "#domain/breaker-policy.ts";
import type { PolicyRow } from "#domain/policy.ts";
import { useTRPC } from "../api/trpc.ts";
import { DeliveryBadge } from "../delivery/delivery-badge.tsx";
import { NO_VALUE } from "../format/number.ts";
import { formatAgo, formatSetting } from "../format/time.ts";
import { links } from "../links.ts";
import { useServerNow } from "../live/use-now.ts";
import { ErrorState } from "../ui/error-state.tsx";
import { Panel } from "../ui/panel.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { SortableTh, Table, Td, Th, Tr } from "../ui/table.tsx";
import { useSorted } from "../ui/use-sorted.ts";
import { fallbackInWords } from "./fallback-words.ts";

/** Address of the page on which a policy is edited. */
function pageOf({ target }: BreakerPolicySpec): string {
  return links.breaker(
    target.kind === "service" ? `service:${target.service}` : commandKey(target.routeId, target.service),
  );
}

/** Saved policies, also of breakers that nothing has called yet. */
export function PoliciesTable() {
  const policies = useQuery(useTRPC().breakers.policies.queryOptions());
  return (
    <Panel className="mt-6" title="Policies" note="everything else runs with the defaults" padded={false}>
      {policies.isPending && <SkeletonRows rows={3} />}
      {policies.isError && policies.data === undefined && (
        <div className="p-4">
          <ErrorState error={policies.error} onRetry={() => void policies.refetch()} />
        </div>
      )}
      {policies.data?.length === 0 && (
        <p className="p-4 text-ink-3">None is saved. Open a breaker or a service to set one.</p>
      )}
      {policies.data !== undefined && policies.data.length > 0 && <Rows rows={policies.data} />}
    </Panel>
  );
}

function Rows({ rows }: { rows: readonly PolicyRow<BreakerPolicySpec>[] }) {
  const nowMs = useServerNow();
  const { sorted, sorting } = useSorted(
    rows,
    {
      target: (row) => targetInWords(row.spec.target),
      timeout: (row) => row.spec.settings.timeoutMs,
      updated: (row) => row.updatedAtMs,
    },
    "target",
  );
  return (
    <Table caption="Breaker policies">
      <thead>
        <tr>
          <SortableTh column="target" sorting={sorting}>
            For
          </SortableTh>
          <SortableTh column="timeout" sorting={sorting} numeric>
            Timeout
          </SortableTh>
          <Th>Opens</Th>
          <Th>Backups</Th>
          <SortableTh column="updated" sorting={sorting}>
            Saved
          </SortableTh>
          <Th>Delivery</Th>
        </tr>
      </thead>
      <tbody>
        {sorted.map((row) => {
          const { settings, fallbacks } = row.spec;
          return (
            <Tr key={row.id}>
              <Td>
                <Link href={pageOf(row.spec)} className="font-medium text-accent hover:underline">
                  {targetInWords(row.spec.target)}
                </Link>
              </Td>
              <Td className="text-right whitespace-nowrap">{formatSetting(settings.timeoutMs)}</Td>
              <Td className="whitespace-nowrap">
                {settings.enabled
                  ? `at ${settings.errorThresholdPercent.toString()} % of ${settings.requestVolumeThreshold.toString()} or more`
                  : "never by itself"}
              </Td>
              <Td>{fallbacks.length === 0 ? NO_VALUE : fallbacks.map(fallbackInWords).join(", ")}</Td>
              <Td className="whitespace-nowrap text-ink-2">
                {formatAgo(row.updatedAtMs, nowMs)} by {row.updatedBy}
              </Td>
              <Td className="live">
                <DeliveryBadge policyKey={`breakers/${row.id}`} revision={row.revision} />
              </Td>
            </Tr>
          );
        })}
      </tbody>
    </Table>
  );
}
