"use client";

import { Bot, ChevronRight, Radio, User } from "lucide-react";
import { Fragment, useState } from "react";
import type { AuditEntry } from "#domain/audit.ts";
import { DiffTable } from "../diff/diff-table.tsx";
import { diffValues } from "../diff/diff-values.ts";
import { formatAgo, formatDateTime } from "../format/time.ts";
import { useServerNow } from "../live/use-now.ts";
import { cn } from "../ui/cn.ts";
import { Table, Td, Th, Tr } from "../ui/table.tsx";
import { ACTION_WORDS } from "./action-words.ts";

const ACTOR_ICONS = { person: User, gateway: Radio, system: Bot } as const;

/** An entry as it arrives: to the types, a member that may be anything may also be missing. */
type ShownEntry = Omit<AuditEntry, "before" | "after"> & { readonly before?: unknown; readonly after?: unknown };

/** The log's lines; each opens to what was before and after. */
export function AuditTable({ entries }: { entries: readonly ShownEntry[] }) {
  const nowMs = useServerNow();
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const toggle = (sequence: number): void => {
    setOpen((now) =>
      now.has(sequence) ? new Set([...now].filter((other) => other !== sequence)) : new Set([...now, sequence]),
    );
  };
  return (
    <Table caption="Audit log">
      <thead>
        <tr>
          <Th>When</Th>
          <Th>Who</Th>
          <Th>What</Th>
          <Th className="text-right max-sm:hidden">Revision</Th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <Fragment key={entry.sequence}>
            <EntryRow
              entry={entry}
              nowMs={nowMs}
              isOpen={open.has(entry.sequence)}
              onToggle={() => {
                toggle(entry.sequence);
              }}
            />
            {open.has(entry.sequence) && (
              <tr className="border-b border-line bg-sunken">
                <td colSpan={4} className="px-4 py-3">
                  <EntryDetails entry={entry} />
                </td>
              </tr>
            )}
          </Fragment>
        ))}
      </tbody>
    </Table>
  );
}

interface EntryRowProps {
  readonly entry: ShownEntry;
  readonly nowMs: number;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function EntryRow({ entry, nowMs, isOpen, onToggle }: EntryRowProps) {
  const Icon = ACTOR_ICONS[entry.actor.kind];
  return (
    <Tr>
      <Td className="whitespace-nowrap">
        <button
          type="button"
          aria-expanded={isOpen}
          aria-label={`Details of entry ${entry.sequence.toString()}`}
          className="inline-flex items-center gap-1.5 rounded text-left"
          onClick={onToggle}
        >
          <ChevronRight aria-hidden className={cn("size-4 text-ink-3", isOpen && "rotate-90")} />
          <span title={formatDateTime(entry.atMs)}>{formatAgo(entry.atMs, nowMs)}</span>
        </button>
        <div className="pl-5.5 text-sm text-ink-3 max-sm:hidden">{formatDateTime(entry.atMs)}</div>
      </Td>
      <Td className="whitespace-nowrap">
        <span className="inline-flex items-center gap-1.5">
          <Icon role="img" aria-label={entry.actor.kind} className="size-4 text-ink-3" />
          {entry.actor.name}
        </span>
      </Td>
      <Td className="w-full">
        <div>{entry.summary}</div>
        <div className="text-sm text-ink-3">
          {ACTION_WORDS[entry.action]} · <span className="font-mono break-all">{entry.target}</span>
        </div>
      </Td>
      <Td className="text-right max-sm:hidden">{entry.revision ?? ""}</Td>
    </Tr>
  );
}

function EntryDetails({ entry }: { entry: ShownEntry }) {
  return (
    <div className="flex flex-col gap-2">
      <DiffTable
        caption={`What entry ${entry.sequence.toString()} changed`}
        differences={diffValues(entry.before ?? undefined, entry.after ?? undefined)}
        beforeHeading="Before"
        afterHeading={entry.action === "edit.refused" ? "Attempted" : "After"}
      />
      <p className="font-mono text-sm break-all text-ink-3">
        entry {entry.sequence} · {formatDateTime(entry.atMs)} · hash {entry.hash.slice(0, 16)}… after{" "}
        {entry.previousHash.slice(0, 16)}…
      </p>
    </div>
  );
}
