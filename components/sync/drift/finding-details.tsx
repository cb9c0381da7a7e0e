"use client";

import { useState } from "react";
import { isSameValue } from "#domain/same-value.ts";
import { DiffTable } from "../../diff/diff-table.tsx";
import { diffValues } from "../../diff/diff-values.ts";
import { plainText } from "../../diff/plain-text.ts";
import { ThreeWayTable } from "../../diff/three-way-table.tsx";
import { formatDateTime } from "../../format/time.ts";
import { Button } from "../../ui/button.tsx";
import { counted } from "../counted.ts";
import { Decisions } from "./decisions.tsx";
import { DRIFT_STATES } from "./drift-words.ts";
import type { ShownFinding } from "./shown-finding.ts";

function revisionInWords(revision: number | null, value: unknown, none: string): string {
  if (revision === null) return none;
  return `revision ${revision.toString()}${value === null || value === undefined ? ", removed" : ""}`;
}

function foundInWords({ found, foundHash, foundAtMs }: ShownFinding): string {
  if (found !== null && found !== undefined) return `at ${formatDateTime(foundAtMs)}`;
  return foundHash === "" ? "no node" : "removed";
}

/** The database, what was published last and what was found, side by side; then what can be done about it. */
export function FindingDetails({ finding }: { finding: ShownFinding }) {
  const { key, database, published, found } = finding;
  return (
    <div className="flex flex-col gap-3">
      {typeof found === "string" ? (
        <Unreadable finding={finding} text={found} />
      ) : (
        <ThreeWayTable
          caption={`Three states of ${plainText(key)}`}
          sides={{ database, published, found }}
          notes={{
            database: revisionInWords(finding.databaseRevision, database, "no such object"),
            published: revisionInWords(finding.publishedRevision, published, "never published"),
            found: foundInWords(finding),
          }}
        />
      )}
      <p className="text-ink-2">
        {DRIFT_STATES[finding.state].meaning}
        {finding.decidedBy !== null && ` Decided by ${finding.decidedBy}.`}
        {finding.resolvedAtMs !== null && ` Settled at ${formatDateTime(finding.resolvedAtMs)}.`}
      </p>
      <Decisions finding={finding} />
      <p className="font-mono text-xs break-all text-ink-3">
        {finding.foundHash === "" ? "No node was found." : `SHA-256 of what was found: ${finding.foundHash}`}
      </p>
    </div>
  );
}

/** Characters shown before the rest is asked for. */
const FIRST_CHARACTERS = 1500;

/** Bytes that are no policy have no members to compare: they stand as text, with nothing in it acting on the page. */
function Unreadable({ finding: { key, database, published }, text }: { finding: ShownFinding; text: string }) {
  const [all, setAll] = useState(false);
  const name = `What was found at ${plainText(key)}`;
  return (
    <>
      <figure className="m-0">
        <figcaption className="mb-1 text-sm font-medium text-ink-2">Found in ZooKeeper, shown as text</figcaption>
        <pre
          role="group"
          aria-label={name}
          dir="ltr"
          className="rounded border border-line bg-surface p-2 font-mono text-sm break-all whitespace-pre-wrap [unicode-bidi:isolate]"
        >
          {text === "" ? "(empty)" : plainText(all ? text : text.slice(0, FIRST_CHARACTERS))}
        </pre>
        {text.length > FIRST_CHARACTERS && (
          <Button
            size="sm"
            className="mt-1"
            aria-expanded={all}
            onClick={() => {
              setAll(!all);
            }}
          >
            {all ? "Show less" : `Show all ${counted(text.length, "character", "characters")}`}
          </Button>
        )}
      </figure>
      {isSameValue(published ?? null, database ?? null) ? (
        <p className="text-ink-2">The database still holds what was published last.</p>
      ) : (
        <DiffTable
          caption="What was published last, and the database"
          differences={diffValues(published, database)}
          beforeHeading="Published last"
          afterHeading="Database"
        />
      )}
    </>
  );
}
