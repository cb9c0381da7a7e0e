"use client";

import { ChevronDown, ChevronRight } from "lucide-react";
import { Fragment, useState } from "react";
import type { ShownEntry } from "./shown-entry.ts";
import { formatAgo, formatDateTime } from "../format/time.ts";
import { useServerNow } from "../live/use-now.ts";
import { Badge } from "../ui/badge.tsx";
import { cn } from "../ui/cn.ts";
import { Table, Td, Th, Tr } from "../ui/table.tsx";
import { useNarrow } from "../ui/use-narrow.ts";
import { MeshThen } from "../time/mesh-then.tsx";
import { ACTION_WORDS } from "./action-words.ts";
import { EntryDetails } from "./entry-details.tsx";

const ACTOR_KINDS = { person: "", gateway: "gateway", system: "system" } as const;

interface AuditTableProps {
  readonly entries: readonly ShownEntry[];
  /** Sequence of the entry that one came for: it is open at first. Null: none. */
  readonly entry: number | null;
}

/** Entries, latest first; each opens to what it changed. */
export function AuditTable({ entries, entry: wanted }: AuditTableProps) {
  const nowMs = useServerNow();
  const isNarrow = useNarrow();
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set(wanted === null ? [] : [wanted]));
  const toggle = (sequence: number): void => {
    setOpen((now) =>
      now.has(sequence) ? new Set([...now].filter((one) => one !== sequence)) : new Set([...now, sequence]),
    );
  };
  return (
    <Table caption="Audit log">
      <thead>
        <tr>
          <Th className="w-10 max-sm:w-0 max-sm:pr-0 max-sm:first:pl-2">
            <span className="sr-only">Details</span>
          </Th>
          {isNarrow ? (
            <Th className="max-sm:pl-2">What, when and who</Th>
          ) : (
            <>
              <Th>When</Th>
              <Th>Who</Th>
              <Th>Action</Th>
              <Th>What</Th>
            </>
          )}
          <Th className="text-right max-sm:hidden">Revision</Th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => {
          const isOpen = open.has(entry.sequence);
          const { word, tone } = ACTION_WORDS[entry.action];
          const kind = ACTOR_KINDS[entry.actor.kind];
          const Chevron = isOpen ? ChevronDown : ChevronRight;
          return (
            <Fragment key={entry.sequence}>
              <Tr
                className={cn(isOpen && "border-b-0", entry.sequence === wanted && "bg-accent-tint")}
                {...(entry.sequence === wanted && { "aria-current": "true" as const })}
              >
                <Td className="py-1 align-top max-sm:pr-0 max-sm:first:pl-2">
                  <button
                    type="button"
                    aria-expanded={isOpen}
                    aria-label={`Details of entry ${entry.sequence.toString()}`}
                    className="flex size-7 items-center justify-center rounded text-ink-3 hover:bg-hover hover:text-ink"
                    onClick={() => {
                      toggle(entry.sequence);
                    }}
                  >
                    <Chevron aria-hidden className="size-4" />
                  </button>
                </Td>
                {isNarrow ? (
                  <Td className="align-top max-sm:pl-2">
                    <Badge tone={tone}>{word}</Badge>
                    <What entry={entry} />
                    <div className="text-sm text-ink-3">{actorInWords(entry.actor)}</div>
                    <When entry={entry} nowMs={nowMs} />
                  </Td>
                ) : (
                  <>
                    <Td className="align-top whitespace-nowrap">
                      <When entry={entry} nowMs={nowMs} />
                    </Td>
                    <Td className="align-top whitespace-nowrap">
                      {entry.actor.name}
                      {kind !== "" && <div className="text-sm text-ink-3">{kind}</div>}
                    </Td>
                    <Td className="align-top">
                      <Badge tone={tone}>{word}</Badge>
                    </Td>
                    <Td className="min-w-64 align-top">
                      <What entry={entry} />
                    </Td>
                  </>
                )}
                <Td className="text-right align-top max-sm:hidden">{entry.revision}</Td>
              </Tr>
              {isOpen && (
                <tr className="border-b border-line">
                  <td colSpan={6} className="px-4 pb-4 sm:pl-13">
                    <EntryDetails entry={entry} />
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

function When({ entry: { atMs, sequence }, nowMs }: { entry: ShownEntry; nowMs: number }) {
  return (
    <>
      <time dateTime={new Date(atMs).toISOString()}>{formatDateTime(atMs)}</time>
      <div className="text-sm text-ink-3">
        {formatAgo(atMs, nowMs)} <MeshThen atMs={atMs} sequence={sequence} />
      </div>
    </>
  );
}

function What({ entry: { summary, target } }: { entry: ShownEntry }) {
  return (
    <div className="min-w-0 break-words">
      {summary}
      <div className="font-mono text-xs break-all text-ink-3">{target}</div>
    </div>
  );
}

function actorInWords({ name, kind }: ShownEntry["actor"]): string {
  return ACTOR_KINDS[kind] === "" ? name : `${name} (${ACTOR_KINDS[kind]})`;
}
