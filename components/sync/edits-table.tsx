"use client";

import { useState } from "react";
import type { EditDelivery } from "#domain/publishing.ts";
import { spanInWords } from "../delivery/delivery-spans.ts";
import { plainText } from "../diff/plain-text.ts";
import { formatCount, NO_VALUE } from "../format/number.ts";
import { formatMoment } from "../format/time.ts";
import { useServerNow } from "../live/use-now.ts";
import { MeshThen } from "../time/mesh-then.tsx";
import { ShowAllButton } from "../ui/show-all-button.tsx";
import { SortableTh, Table, Td, Th, Tr } from "../ui/table.tsx";
import { useSorted } from "../ui/use-sorted.ts";
import { PolicyName } from "./policy-name.tsx";
import { policyPlace } from "./policy-place.ts";

/** Rows shown before the rest is asked for. */
const FIRST_ROWS = 10;

/** Edits, latest first, each with when it was saved, published, and applied by every gateway. */
export function EditsTable({ edits }: { edits: readonly EditDelivery[] }) {
  const nowMs = useServerNow();
  const [all, setAll] = useState(false);
  const { sorted, sorting } = useSorted(
    edits,
    {
      revision: ({ revision }) => revision,
      actor: ({ actor }) => actor,
      // What has not arrived has been on its way for the longest.
      published: (edit) => publishedMs(edit) ?? Number.MAX_SAFE_INTEGER,
      applied: (edit) => appliedMs(edit) ?? Number.MAX_SAFE_INTEGER,
    },
    "revision",
    true,
  );
  const shown = all ? sorted : sorted.slice(0, FIRST_ROWS);
  return (
    <>
      <Table caption="Latest edits">
        <thead>
          <tr>
            <SortableTh column="revision" sorting={sorting} numeric>
              Revision
            </SortableTh>
            <Th>What</Th>
            <SortableTh column="actor" sorting={sorting}>
              Who
            </SortableTh>
            <Th>Saved</Th>
            <SortableTh column="published" sorting={sorting} numeric>
              Published after
            </SortableTh>
            <SortableTh column="applied" sorting={sorting}>
              Applied after
            </SortableTh>
          </tr>
        </thead>
        <tbody>
          {shown.map((edit) => (
            <Tr key={edit.revision}>
              <Td className="text-right align-top">{edit.revision}</Td>
              <Td className="min-w-64 align-top break-words">
                {plainText(edit.summary)}
                <EditTargets targets={edit.targets} />
              </Td>
              <Td className="align-top whitespace-nowrap">{edit.actor}</Td>
              <Td className="align-top whitespace-nowrap">
                {formatMoment(edit.savedAtMs, nowMs)} <MeshThen atMs={edit.savedAtMs} />
              </Td>
              <Td className="text-right align-top whitespace-nowrap">
                <Published edit={edit} />
              </Td>
              <Td className="min-w-48 align-top">
                <Applied edit={edit} />
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      {edits.length > FIRST_ROWS && <ShowAllButton count={edits.length} all={all} onChange={setAll} />}
    </>
  );
}

/** Objects named before the rest is counted. */
const TARGETS_MAX = 3;

function EditTargets({ targets }: { targets: readonly string[] }) {
  const objects = targets.filter((key) => policyPlace(key).href !== null);
  const rest = objects.length - TARGETS_MAX;
  if (objects.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-x-3 text-sm">
      {objects.slice(0, TARGETS_MAX).map((key) => (
        <li key={key}>
          <PolicyName policyKey={key} />
        </li>
      ))}
      {rest > 0 && <li className="text-ink-3">and {rest} more</li>}
    </ul>
  );
}

function publishedMs({ savedAtMs, publishedAtMs }: EditDelivery): number | null {
  return publishedAtMs === null ? null : Math.max(0, publishedAtMs - savedAtMs);
}

function appliedMs({ savedAtMs, applied: { last } }: EditDelivery): number | null {
  return last === null ? null : Math.max(0, last.atMs - savedAtMs);
}

function Published({ edit }: { edit: EditDelivery }) {
  const ms = publishedMs(edit);
  return ms === null ? <span className="text-warn">not yet</span> : spanInWords(ms);
}

/** Of many gateways the last one tells how long it took. */
function Applied({ edit }: { edit: EditDelivery }) {
  const { count, last } = edit.applied;
  const ms = appliedMs(edit);
  if (last === null || ms === null) return NO_VALUE;
  if (count === 1)
    return (
      <>
        <span className="text-ink-3">{last.gatewayId}</span> {spanInWords(ms)}
      </>
    );
  return (
    <>
      {spanInWords(ms)}
      <div className="text-sm text-ink-3">
        {formatCount(count)} gateways, {last.gatewayId} last
      </div>
    </>
  );
}
