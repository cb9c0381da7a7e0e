"use client";

import { useState } from "react";
import type { DeliveryTimes } from "#domain/publishing.ts";
import { spanInWords } from "../delivery/delivery-spans.ts";
import { plainText } from "../diff/plain-text.ts";
import { NO_VALUE } from "../format/number.ts";
import { formatMoment } from "../format/time.ts";
import { useServerNow } from "../live/use-now.ts";
import { MeshThen } from "../time/mesh-then.tsx";
import { ShowAllButton } from "../ui/show-all-button.tsx";
import { Table, Td, Th, Tr } from "../ui/table.tsx";
import { PolicyName } from "./policy-name.tsx";
import { policyPlace } from "./policy-place.ts";

export interface ShownEdit extends DeliveryTimes {
  readonly targets: readonly string[];
  readonly summary: string;
  readonly actor: string;
}

/** Rows shown before the rest is asked for. */
const FIRST_ROWS = 10;

/** Edits, latest first, each with when it was saved, published, and applied by every gateway. */
export function EditsTable({ edits }: { edits: readonly ShownEdit[] }) {
  const nowMs = useServerNow();
  const [all, setAll] = useState(false);
  const shown = all ? edits : edits.slice(0, FIRST_ROWS);
  return (
    <>
      <Table caption="Latest edits">
        <thead>
          <tr>
            <Th className="text-right">Revision</Th>
            <Th>What</Th>
            <Th>Who</Th>
            <Th>Saved</Th>
            <Th className="text-right">Published after</Th>
            <Th>Applied after</Th>
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
                {edit.publishedAtMs === null ? (
                  <span className="text-warn">not yet</span>
                ) : (
                  spanInWords(Math.max(0, edit.publishedAtMs - edit.savedAtMs))
                )}
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

function Applied({ edit }: { edit: ShownEdit }) {
  if (edit.applied.length === 0) return NO_VALUE;
  return (
    <ul className="flex flex-wrap gap-x-3 gap-y-0.5">
      {edit.applied.map(({ gatewayId, atMs }) => (
        <li key={gatewayId} className="whitespace-nowrap">
          <span className="text-ink-3">{gatewayId}</span> {spanInWords(Math.max(0, atMs - edit.savedAtMs))}
        </li>
      ))}
    </ul>
  );
}
