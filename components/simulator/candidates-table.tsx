"use client";

import { ArrowBigDown, Check, X } from "lucide-react";
import { useState } from "react";
import { describeMatch } from "../routes/describe-match.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { Panel } from "../ui/panel.tsx";
import { SegmentedControl } from "../ui/segmented-control.tsx";
import { Table, Td, Th, Tr } from "../ui/table.tsx";
import { RouteName } from "./route-name.tsx";
import type { ExplainedCandidate } from "./simulate.ts";

const FILTERS = [
  { value: "near", label: "Near misses" },
  { value: "all", label: "All" },
];

/** A route that lost for one of these was never about this request. */
const FAR: ReadonlySet<string> = new Set(["listener", "host", "path"]);

/** More rows than one reads; the rest is a press away. */
const ROWS = 50;

interface CandidatesTableProps {
  readonly candidates: readonly ExplainedCandidate[];
  readonly draftId: string | undefined;
}

/** Every way into every route in the order in which they are asked, and why each did not take the request. */
export function CandidatesTable({ candidates, draftId }: CandidatesTableProps) {
  const [filter, setFilter] = useState("near");
  const [limit, setLimit] = useState(ROWS);
  const ranked = candidates.map((candidate, at) => ({ candidate, rank: at + 1 }));
  // Where nothing came near, everything is of interest.
  const near = ranked.filter(({ candidate: { lost } }) => lost === null || !FAR.has(lost.reason));
  const shown = filter === "near" && near.length > 0 ? near : ranked;
  return (
    <Panel
      title="In order of precedence"
      note={`${candidates.length.toString()} ${candidates.length === 1 ? "way" : "ways"} into a route`}
      padded={false}
      actions={<SegmentedControl label="Show" options={FILTERS} value={filter} onChange={setFilter} />}
    >
      <Table caption="Ways into a route, in order of precedence">
        <thead>
          <tr>
            <Th className="text-right">#</Th>
            <Th>Route</Th>
            <Th>Takes</Th>
            <Th>This request</Th>
          </tr>
        </thead>
        <tbody>
          {shown.slice(0, limit).map(({ candidate, rank }) => (
            <Tr key={rank}>
              <Td className="text-right align-top text-ink-3">{rank}</Td>
              <Td className="align-top">
                <RouteName id={candidate.routeId} draftId={draftId} />
              </Td>
              <Td className="align-top">
                <div className="font-mono text-sm">{candidate.host === "" ? "any host" : candidate.host}</div>
                <div className="text-sm text-ink-2">{describeMatch(candidate.match)}</div>
              </Td>
              <Td className="align-top">
                <Verdict lost={candidate.lost} />
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      {shown.length > limit && (
        <div className="border-t border-line p-2 text-center">
          <Button
            size="sm"
            variant="ghost"
            onClick={() => {
              setLimit(limit + 10 * ROWS);
            }}
          >
            Show more of {shown.length}
          </Button>
        </div>
      )}
    </Panel>
  );
}

function Verdict({ lost }: { lost: ExplainedCandidate["lost"] }) {
  if (lost === null) {
    return (
      <Badge tone="good" icon={Check}>
        Takes it
      </Badge>
    );
  }
  const outranked = lost.reason === "outranked";
  return (
    <div className="flex flex-wrap items-start gap-x-2 gap-y-1">
      <Badge tone={outranked ? "warn" : "off"} icon={outranked ? ArrowBigDown : X}>
        {outranked ? "would take it" : lost.reason}
      </Badge>
      <span className="text-sm break-words text-ink-2">{lost.detail}</span>
    </div>
  );
}
