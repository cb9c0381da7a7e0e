"use client";

import { Trash2 } from "lucide-react";
import Link from "next/link";
import { memo } from "react";
import { destinationName } from "#domain/destination-name.ts";
import type { Finding } from "#domain/route-finding.ts";
import type { PolicyRow } from "#domain/policy.ts";
import type { RouteSpec } from "#domain/route.ts";
import { DeliveryBadge } from "../delivery/delivery-badge.tsx";
import { formatRate, formatRatio } from "../format/number.ts";
import { links } from "../links.ts";
import { Button } from "../ui/button.tsx";
import { Td, Tr } from "../ui/table.tsx";
import { describeAnswer } from "./describe-answer.ts";
import { describeMatch } from "./describe-match.ts";
import { FindingsBadge } from "./findings-badge.tsx";
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

interface RouteTrProps {
  readonly row: Row;
  readonly requestsPerSecond: number;
  readonly findings: readonly Finding[];
  /** On a phone: all but the traffic stands in the first cell. */
  readonly isNarrow: boolean;
  readonly mayEdit: boolean;
  /** The same function each time: rows keep still. */
  readonly onDelete: (row: Row) => void;
}

/** One route in the list. Drawn again only when something of it changed. */
export const RouteTr = memo(function RouteTr(props: RouteTrProps) {
  const { row, requestsPerSecond, findings, isNarrow, mayEdit, onDelete } = props;
  const { id, spec, revision } = row;
  const delivery = <DeliveryBadge policyKey={`routes/${id}`} revision={revision} />;
  return (
    <Tr>
      <Td className="align-top">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <Link href={links.route(id)} className="font-medium break-words text-accent hover:underline">
            {id}
          </Link>
          <RouteBadges spec={spec} />
        </div>
        {spec.description !== "" && <div className="max-w-64 text-sm text-ink-3">{spec.description}</div>}
        {isNarrow && (
          <div className="mt-1 flex flex-col items-start gap-1.5 break-all">
            <div>
              <Matches spec={spec} />
            </div>
            <Destinations spec={spec} />
            <div className="live flex flex-wrap gap-1.5">
              {delivery}
              {findings.length > 0 && <FindingsBadge findings={findings} />}
            </div>
          </div>
        )}
      </Td>
      {!isNarrow && (
        <>
          <Td className="align-top">
            <Matches spec={spec} />
          </Td>
          <Td className="align-top">
            <Destinations spec={spec} />
          </Td>
          <Td className="text-right align-top">{spec.priority}</Td>
        </>
      )}
      <Td className="live text-right align-top whitespace-nowrap">{formatRate(requestsPerSecond)}</Td>
      {!isNarrow && (
        <>
          <Td className="align-top">
            <FindingsBadge findings={findings} />
          </Td>
          <Td className="live align-top">{delivery}</Td>
        </>
      )}
      <Td className="py-1 text-right align-top">
        <Button
          variant="ghost"
          size="icon"
          disabled={!mayEdit}
          aria-label={`Delete route ${id}`}
          onClick={() => {
            onDelete(row);
          }}
        >
          <Trash2 aria-hidden />
        </Button>
      </Td>
    </Tr>
  );
});
