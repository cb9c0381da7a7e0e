"use client";

import { History, SearchX } from "lucide-react";
import Link from "next/link";
import { useState, type ReactNode } from "react";
import { MARKER_KINDS, type Marker, type MarkerList as Markers } from "#domain/history.ts";
import { plainText } from "../diff/plain-text.ts";
import { formatAgo, formatMoment } from "../format/time.ts";
import { links } from "../links.ts";
import { ServerWords } from "../live/server-words.tsx";
import { FoldedMarkers } from "../time/folded-markers.tsx";
import { foldMarkers } from "../time/fold-markers.ts";
import { cn } from "../ui/cn.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { PickChip } from "../ui/pick-chip.tsx";
import { SearchInput } from "../ui/search-input.tsx";
import { ShowAllButton } from "../ui/show-all-button.tsx";
import { useTextFilter } from "../ui/use-text-filter.ts";
import { useUrlState } from "../ui/use-url-state.ts";
import { MARKER_STYLES, TONE_CLASSES } from "./marker-kinds.ts";
import { momentLink } from "./moment-link.ts";

const FIRST = 12;

interface MarkerListProps {
  readonly list: Markers;
  /** `in the last hour`. */
  readonly when: string;
  /** What is selected where the mesh of that moment is shown. */
  readonly selected?: string;
  /** What stands in it when nothing happened. */
  readonly empty: ReactNode;
}

/** What happened, newest first, to search and narrow by kind; each leads to the mesh as it was then. */
export function MarkerList({ list, when, selected, empty }: MarkerListProps) {
  const filter = useTextFilter("change");
  const [kind, setKind] = useUrlState("kind");
  const [all, setAll] = useState(false);
  const newest = list.markers.toSorted((a, b) => b.atMs - a.atMs || (a.id < b.id ? 1 : -1));
  const counts = Map.groupBy(newest, (marker) => marker.kind);
  const matching = newest.filter(
    (marker) =>
      (kind === null || marker.kind === kind) && filter.matches(marker.title, marker.actor, ...marker.concerns),
  );
  const rows = foldMarkers(matching);
  if (newest.length === 0 && list.more.length === 0)
    return (
      <EmptyState icon={History} title={`Nothing changed ${when}`}>
        {empty}
      </EmptyState>
    );
  return (
    <>
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2">
        <SearchInput label="Search changes" value={filter.text} onChange={filter.setText} />
        <div role="group" aria-label="Kind" className="flex flex-wrap gap-1.5">
          {MARKER_KINDS.filter((one) => counts.has(one)).map((one) => (
            <PickChip
              key={one}
              size="md"
              label={MARKER_STYLES[one].word}
              count={counts.get(one)?.length ?? 0}
              chosen={kind === one}
              onPick={() => {
                setKind(kind === one ? null : one);
              }}
            />
          ))}
        </div>
      </div>
      {matching.length === 0 && (
        <EmptyState icon={SearchX} title="No change matches">
          {newest.length} happened {when} that are not what is looked for.
        </EmptyState>
      )}
      <ol>
        {(all ? rows : rows.slice(0, FIRST)).map(({ marker, earlier }) => (
          <MarkerLine
            // Steady while further transitions come, so that what was opened stays open.
            key={earlier.at(-1)?.id ?? marker.id}
            marker={marker}
            earlier={earlier}
            {...(selected !== undefined && { selected })}
          />
        ))}
      </ol>
      {rows.length > FIRST && <ShowAllButton count={rows.length} all={all} onChange={setAll} />}
      {list.more.length > 0 && <p className="border-t border-line px-4 py-2 text-sm text-ink-3">{moreInWords(list)}</p>}
    </>
  );
}

interface MarkerLineProps {
  readonly marker: Marker;
  readonly earlier?: readonly Marker[];
  readonly selected?: string;
}

function MarkerLine({ marker, earlier = [], selected }: MarkerLineProps) {
  const { icon: Icon, word } = MARKER_STYLES[marker.kind];
  return (
    <li className="flex gap-3 border-b border-line px-4 py-2 last:border-b-0">
      <Icon aria-hidden className={cn("mt-0.5 size-4 shrink-0", TONE_CLASSES[marker.tone])} />
      <div className="min-w-0 flex-1">
        <p className="break-words">
          <span className="sr-only">{word}: </span>
          {plainText(marker.title)}
          {marker.actor !== "" && <span className="text-ink-3"> by {marker.actor}</span>}
        </p>
        <p className="flex flex-wrap gap-x-3 text-sm text-ink-3">
          <time dateTime={new Date(marker.atMs).toISOString()}>
            <ServerWords words={(nowMs) => `${formatMoment(marker.atMs, nowMs)}, ${formatAgo(marker.atMs, nowMs)}`} />
          </time>
          <Link href={momentLink(marker, selected)} className="text-accent hover:underline">
            Show the mesh at this moment
          </Link>
          {marker.auditSequence !== null && (
            <Link href={links.auditEntry(marker.auditSequence)} className="text-accent hover:underline">
              Log entry {marker.auditSequence}
            </Link>
          )}
        </p>
        <FoldedMarkers earlier={earlier}>
          {(one) => <MarkerLine key={one.id} marker={one} {...(selected !== undefined && { selected })} />}
        </FoldedMarkers>
      </div>
    </li>
  );
}

/** Those of which only the number is known: `Besides 412 breaker transitions and 3 edits.` */
function moreInWords({ more }: Markers): string {
  const kinds = [...Map.groupBy(more, ({ kind }) => kind)].map(([kind, parts]) => {
    const count = parts.reduce((sum, part) => sum + part.count, 0);
    return `${count.toString()} ${MARKER_STYLES[kind].many}`;
  });
  return `Besides, too many to list: ${kinds.join(", ")}.`;
}
