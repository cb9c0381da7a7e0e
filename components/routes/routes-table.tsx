"use client";

import { Trash2 } from "lucide-react";
import Link from "next/link";
import { useMemo, useState } from "react";
import type { Finding } from "#domain/route-finding.ts";
import type { PolicyRow } from "#domain/policy.ts";
import type { RouteSpec } from "#domain/route.ts";
import { DeliveryBadge } from "../delivery/delivery-badge.tsx";
import { formatRate, formatRatio } from "../format/number.ts";
import { links } from "../links.ts";
import { useLivePart } from "../live/live-provider.tsx";
import { Button } from "../ui/button.tsx";
import { SortableTh, Table, Td, Th, Tr } from "../ui/table.tsx";
import { useSorted } from "../ui/use-sorted.ts";
import { DeleteRouteDialog } from "./delete-route-dialog.tsx";
import { describeAnswer } from "./describe-answer.ts";
import { describeMatch } from "./describe-match.ts";
import { destinationName } from "#domain/destination-name.ts";
import { findingsRank } from "./finding-style.ts";
import { FindingsBadge } from "./findings-badge.tsx";
import { routeRates } from "./known-services.ts";
import { RouteBadges } from "./route-badges.tsx";
import { WeightBar } from "./weight-bar.tsx";
import { sharesOf } from "./weights.ts";

type Row = PolicyRow<RouteSpec>;

function Matches({ spec }: { spec: RouteSpec }) {
  return (
    <>
      <div className="font-mono text-sm">{spec.hosts.length === 0 ? "any host" : spec.hosts.join(", ")}</div>
      {spec.matches.slice(0, 2).map((match, at) => (
        <div key={at} className="text-sm text-ink-2">
          {describeMatch(match)}
        </div>
      ))}
      {spec.matches.length > 2 && <div className="text-sm text-ink-3">and {spec.matches.length - 2} more</div>}
    </>
  );
}

function Destinations({ spec }: { spec: RouteSpec }) {
  if (spec.answer !== null) return <span className="text-ink-2">answers {describeAnswer(spec.answer)}</span>;
  return <Shares spec={spec} />;
}

function Shares({ spec }: { spec: RouteSpec }) {
  const shares = sharesOf(spec.destinations.map((destination) => destination.weight));
  return (
    <div className="flex min-w-40 flex-col gap-1">
      {spec.destinations.map((destination, at) => (
        <div key={at} className="flex gap-3">
          <span className="truncate">{destinationName(destination)}</span>
          <span className="ml-auto text-ink-2">{formatRatio(shares[at] ?? 0)}</span>
        </div>
      ))}
      {spec.destinations.length > 1 && (
        <WeightBar
          className="flex h-1 gap-px overflow-hidden rounded-full bg-sunken"
          destinations={spec.destinations.map((destination) => ({
            name: destinationName(destination),
            weight: destination.weight,
          }))}
        />
      )}
    </div>
  );
}

interface RoutesTableProps {
  readonly rows: readonly Row[];
  /** What the checks say of each route, worst first. */
  readonly findingsOf: (routeId: string) => readonly Finding[];
  readonly mayEdit: boolean;
}

/** Routes as rows. */
export function RoutesTable({ rows, findingsOf, mayEdit }: RoutesTableProps) {
  const breakers = useLivePart(({ picture }) => picture?.breakers);
  const rates = useMemo(() => routeRates(breakers ?? []), [breakers]);
  const [deleting, setDeleting] = useState<Row | null>(null);
  const { sorted, sorting } = useSorted(
    rows,
    {
      id: (row) => row.id,
      priority: (row) => row.spec.priority,
      rate: (row) => rates.get(row.id) ?? 0,
      revision: (row) => row.revision,
      checks: (row) => findingsRank(findingsOf(row.id)),
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
            <Th>Matches</Th>
            <Th>Destinations</Th>
            <SortableTh column="priority" sorting={sorting} numeric>
              Priority
            </SortableTh>
            <SortableTh column="rate" sorting={sorting} numeric>
              Requests
            </SortableTh>
            <SortableTh column="checks" sorting={sorting}>
              Checks
            </SortableTh>
            <SortableTh column="revision" sorting={sorting}>
              Delivery
            </SortableTh>
            <Th>
              <span className="sr-only">Actions</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((row) => (
            <Tr key={row.id}>
              <Td className="align-top">
                <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
                  <Link href={links.route(row.id)} className="font-medium text-accent hover:underline">
                    {row.id}
                  </Link>
                  <RouteBadges spec={row.spec} />
                </div>
                {row.spec.description !== "" && (
                  <div className="max-w-64 text-sm text-ink-3">{row.spec.description}</div>
                )}
              </Td>
              <Td className="align-top">
                <Matches spec={row.spec} />
              </Td>
              <Td className="align-top">
                <Destinations spec={row.spec} />
              </Td>
              <Td className="text-right align-top">{row.spec.priority}</Td>
              <Td className="live text-right align-top whitespace-nowrap">{formatRate(rates.get(row.id) ?? 0)}</Td>
              <Td className="align-top">
                <FindingsBadge findings={findingsOf(row.id)} />
              </Td>
              <Td className="live align-top">
                <DeliveryBadge policyKey={`routes/${row.id}`} revision={row.revision} />
              </Td>
              <Td className="py-1 text-right align-top">
                <Button
                  variant="ghost"
                  size="icon"
                  disabled={!mayEdit}
                  aria-label={`Delete route ${row.id}`}
                  onClick={() => {
                    setDeleting(row);
                  }}
                >
                  <Trash2 aria-hidden />
                </Button>
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
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
