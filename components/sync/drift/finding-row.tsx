"use client";

import { ChevronDown, ChevronRight } from "lucide-react";
import { plainText } from "../../diff/plain-text.ts";
import { formatAgo, formatMoment } from "../../format/time.ts";
import { RowCheck } from "../../instances/row-check.tsx";
import type { SelectionState } from "../../instances/use-selection.ts";
import { useServerNow } from "../../live/use-now.ts";
import { MeshThen } from "../../time/mesh-then.tsx";
import { Badge } from "../../ui/badge.tsx";
import { Td, Tr } from "../../ui/table.tsx";
import { PolicyName } from "../policy-name.tsx";
import { DRIFT_STATES } from "./drift-words.ts";
import type { ShownFinding } from "./shown-finding.ts";

interface FindingRowProps {
  readonly finding: ShownFinding;
  readonly isOpen: boolean;
  readonly onTurn: (id: string) => void;
  /** Null where nothing can be decided about it by who looks. */
  readonly selection: Pick<SelectionState, "has" | "toggle"> | null;
}

/** A finding in one line: which object, what came of it, what is wrong, and since when. */
export function FindingRow({ finding, isOpen, onTurn, selection }: FindingRowProps) {
  const nowMs = useServerNow();
  const { word, tone, icon } = DRIFT_STATES[finding.state];
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  const key = plainText(finding.key);
  return (
    <Tr className={isOpen ? "border-b-0" : ""}>
      <Td className="py-1 align-top">
        <span className="flex items-center gap-2">
          {selection !== null && (
            <RowCheck
              label={`Select ${key}`}
              checked={selection.has(finding.id)}
              onToggle={(range) => {
                selection.toggle(finding.id, range);
              }}
            />
          )}
          <button
            type="button"
            aria-expanded={isOpen}
            aria-label={`Compare ${key}`}
            className="flex size-7 items-center justify-center rounded text-ink-3 hover:bg-hover hover:text-ink"
            onClick={() => {
              onTurn(finding.id);
            }}
          >
            <Chevron aria-hidden className="size-4" />
          </button>
        </span>
      </Td>
      <Td className="min-w-48 align-top">
        <PolicyName policyKey={finding.key} />
        <div className="font-mono text-xs break-all text-ink-3">
          <bdi>{key}</bdi>
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
  );
}
