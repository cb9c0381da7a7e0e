"use client";

import { Fragment, useState } from "react";
import { RowCheck } from "../../instances/row-check.tsx";
import { useSelection } from "../../instances/use-selection.ts";
import { ShowAllButton } from "../../ui/show-all-button.tsx";
import { SortableTh, Table, Th } from "../../ui/table.tsx";
import { useSorted } from "../../ui/use-sorted.ts";
import { policyPlace } from "../policy-place.ts";
import { DRIFT_STATES } from "./drift-words.ts";
import { FindingDetails } from "./finding-details.tsx";
import { FindingRow } from "./finding-row.tsx";
import { FindingsBar } from "./findings-bar.tsx";
import type { ShownFinding } from "./shown-finding.ts";

interface DriftTableProps {
  /** What the list shows. */
  readonly findings: readonly ShownFinding[];
  /** All there are: what is ticked stays so while a search hides it. */
  readonly everything: readonly ShownFinding[];
  readonly mayDecide: boolean;
  /** Policy key whose findings are open at first. */
  readonly openKey: string;
}

/** Findings, those that wait for somebody first; each opens to its three-way difference and what can be done. */
export function DriftTable({ findings, everything, mayDecide, openKey }: DriftTableProps) {
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
  const [all, setAll] = useState(false);
  const rows = all ? sorted : sorted.slice(0, FIRST_ROWS);
  const selection = useSelection(rows.map(({ id }) => id));
  const selectable = sorted.filter(isDecidable).map(({ id }) => id);
  const selected = everything.filter((finding) => isDecidable(finding) && selection.has(finding.id));
  const shownSelected = selectable.filter((id) => selection.has(id)).length;
  const turn = (id: string): void => {
    setTurned((now) => (now.has(id) ? new Set([...now].filter((one) => one !== id)) : new Set([...now, id])));
  };
  return (
    <>
      <Table caption="Changed by others">
        <thead>
          <tr>
            <Th className="w-18">
              {mayDecide && selectable.length > 0 ? (
                <RowCheck
                  label={`Select all ${selectable.length.toString()} findings that can be decided`}
                  checked={shownSelected === selectable.length}
                  isMixed={shownSelected > 0 && shownSelected < selectable.length}
                  onToggle={() => {
                    selection.setAll(selectable, shownSelected < selectable.length);
                  }}
                />
              ) : (
                <span className="sr-only">Details</span>
              )}
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
          {rows.map((finding) => {
            const isOpen = turned.has(finding.id) !== (finding.key === openKey);
            return (
              <Fragment key={finding.id}>
                <FindingRow
                  finding={finding}
                  isOpen={isOpen}
                  onTurn={turn}
                  selection={mayDecide && isDecidable(finding) ? selection : null}
                />
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
      {sorted.length > FIRST_ROWS && <ShowAllButton count={sorted.length} all={all} onChange={setAll} />}
      {selected.length > 0 && (
        <FindingsBar selected={selected} hidden={selected.length - shownSelected} onClear={selection.clear} />
      )}
    </>
  );
}

/** Rows shown before the rest is asked for. */
const FIRST_ROWS = 25;

function isDecidable({ state }: ShownFinding): boolean {
  return state === "open" || state === "ignored";
}
