"use client";

import { ChevronDown, ChevronRight } from "lucide-react";
import { Fragment, useState } from "react";
import { plainText } from "../../diff/plain-text.ts";
import { formatAgo, formatMoment } from "../../format/time.ts";
import { useServerNow } from "../../live/use-now.ts";
import { MeshThen } from "../../time/mesh-then.tsx";
import { Badge } from "../../ui/badge.tsx";
import { SortableTh, Table, Td, Th, Tr } from "../../ui/table.tsx";
import { useSorted } from "../../ui/use-sorted.ts";
import { PolicyName } from "../policy-name.tsx";
import { policyPlace } from "../policy-place.ts";
import { DRIFT_STATES } from "./drift-words.ts";
import { FindingDetails } from "./finding-details.tsx";
import type { ShownFinding } from "./shown-finding.ts";

interface DriftTableProps {
  readonly findings: readonly ShownFinding[];
  /** Policy key whose findings are open at first. */
  readonly openKey: string;
}

/** Findings, those that wait for somebody first; each opens to its three-way difference and what can be done. */
export function DriftTable({ findings, openKey }: DriftTableProps) {
  const nowMs = useServerNow();
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set());
  const { sorted, sorting } = useSorted(
    findings,
    {
      state: ({ state }) => DRIFT_STATES[state].rank,
      object: ({ key }) => policyPlace(key).name,
      found: ({ foundAtMs }) => foundAtMs,
    },
    "state",
  );
  const turn = (id: string): void => {
    setTurned((now) => (now.has(id) ? new Set([...now].filter((one) => one !== id)) : new Set([...now, id])));
  };
  return (
    <Table caption="Changed by others">
      <thead>
        <tr>
          <Th className="w-10">
            <span className="sr-only">Details</span>
          </Th>
          <SortableTh column="object" sorting={sorting}>
            Object
          </SortableTh>
          <SortableTh column="state" sorting={sorting}>
            State
          </SortableTh>
          <Th>What is wrong</Th>
          <SortableTh column="found" sorting={sorting}>
            Found
          </SortableTh>
        </tr>
      </thead>
      <tbody>
        {sorted.map((finding) => {
          const isOpen = turned.has(finding.id) !== (finding.key === openKey);
          const { word, tone, icon } = DRIFT_STATES[finding.state];
          const Chevron = isOpen ? ChevronDown : ChevronRight;
          return (
            <Fragment key={finding.id}>
              <Tr className={isOpen ? "border-b-0" : ""}>
                <Td className="py-1 align-top">
                  <button
                    type="button"
                    aria-expanded={isOpen}
                    aria-label={`Compare ${plainText(finding.key)}`}
                    className="flex size-7 items-center justify-center rounded text-ink-3 hover:bg-hover hover:text-ink"
                    onClick={() => {
                      turn(finding.id);
                    }}
                  >
                    <Chevron aria-hidden className="size-4" />
                  </button>
                </Td>
                <Td className="min-w-48 align-top">
                  <PolicyName policyKey={finding.key} />
                  <div className="font-mono text-xs break-all text-ink-3">
                    <bdi>{plainText(finding.key)}</bdi>
                  </div>
                </Td>
                <Td className="align-top">
                  <Badge tone={tone} icon={icon}>
                    {word}
                  </Badge>
                  {finding.decidedBy !== null && <div className="text-sm text-ink-3">by {finding.decidedBy}</div>}
                </Td>
                <Td className="min-w-56 align-top break-words">
                  <bdi>{plainText(finding.problem)}</bdi>
                </Td>
                <Td className="align-top whitespace-nowrap">
                  {formatMoment(finding.foundAtMs, nowMs)}
                  <div className="text-sm text-ink-3">
                    {formatAgo(finding.foundAtMs, nowMs)} <MeshThen atMs={finding.foundAtMs} />
                  </div>
                </Td>
              </Tr>
              {isOpen && (
                <tr className="border-b border-line last:border-b-0">
                  {/* As wide as what can be seen of the table, not as the table. */}
                  <td colSpan={5} className="px-4 pb-4 sm:pl-13">
                    <div className="max-w-[calc(100vw-66px)]">
                      <FindingDetails finding={finding} />
                    </div>
                  </td>
                </tr>
              )}
            </Fragment>
          );
        })}
      </tbody>
    </Table>
  );
}
