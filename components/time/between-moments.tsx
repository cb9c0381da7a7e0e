"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { MARKER_KINDS, type MarkerKind, type MarkerList } from "#domain/history.ts";
import { useTRPC } from "../api/trpc.ts";
import { Button } from "../ui/button.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { EventsDialog } from "./events-dialog.tsx";
import { MarkerGlyph } from "./marker-glyph.tsx";
import { countsInWords } from "./marker-words.ts";
import { useMomentsShown } from "./moments-shown.ts";

interface BetweenMomentsProps {
  /** The two moments, Unix epoch, ms; null: now. */
  readonly aMs: number | null;
  readonly bMs: number | null;
  readonly nowMs: number;
}

/** So many edits are said by name. */
const SAID = 4;
/** "Now" goes on; what happened up to it is read again so often, ms. */
const NOW_STEP_MS = 5000;

/** What happened between two moments: of edits which, of everything how much. */
export function BetweenMoments({ aMs, bMs, nowMs }: BetweenMomentsProps) {
  const [open, setOpen] = useState(false);
  const [kinds, setKinds] = useState<ReadonlySet<MarkerKind>>(new Set(MARKER_KINDS));
  const { show } = useMomentsShown();
  const now = Math.ceil(nowMs / NOW_STEP_MS) * NOW_STEP_MS;
  const ends = [Math.floor(aMs ?? now), Math.floor(bMs ?? now)];
  const span = { fromMs: Math.min(...ends), toMs: Math.max(...ends) };
  const query = useQuery(
    useTRPC().history.markers.queryOptions(span, { placeholderData: keepPreviousData, gcTime: 60_000 }),
  );
  if (query.isError) {
    return (
      <div className="p-4">
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      </div>
    );
  }
  if (query.data === undefined) return null;
  const list = query.data;
  const words = countsInWords(countsOf(list));
  const edits = list.markers.filter(({ kind }) => kind === "revision" || kind === "override");
  return (
    <div className="border-b border-line px-4 py-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <p>{words === "" ? "Nothing lies between them." : `Between them: ${words}.`}</p>
        {words !== "" && (
          <Button
            size="sm"
            onClick={() => {
              setOpen(true);
            }}
          >
            Show what happened
          </Button>
        )}
      </div>
      {edits.length > 0 && (
        <ul className="mt-1 text-sm text-ink-2">
          {edits.slice(-SAID).map((marker) => (
            <li key={marker.id} className="flex items-center gap-1.5">
              <MarkerGlyph kind={marker.kind} tone={marker.tone} />
              <span className="min-w-0 break-words">
                {marker.title}
                {marker.actor !== "" && `, by ${marker.actor}`}
              </span>
            </li>
          ))}
        </ul>
      )}
      <EventsDialog {...{ open, list, span, nowMs, kinds }} onOpenChange={setOpen} onKinds={setKinds} onShow={show} />
    </div>
  );
}

function countsOf({ markers, more }: MarkerList): ReadonlyMap<MarkerKind, number> {
  const counts = new Map<MarkerKind, number>(MARKER_KINDS.map((kind) => [kind, 0]));
  for (const { kind } of markers) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  for (const { kind, count } of more) counts.set(kind, (counts.get(kind) ?? 0) + count);
  return counts;
}
