"use client";

import { useState } from "react";
import type { MarkerKind, MarkerList } from "#domain/history.ts";
import { formatDateTime } from "../format/time.ts";
import { Dialog } from "../ui/dialog.tsx";
import { SearchInput } from "../ui/search-input.tsx";
import { SegmentedControl } from "../ui/segmented-control.tsx";
import { ShowAllButton } from "../ui/show-all-button.tsx";
import type { TimeSpan } from "./axis-window.ts";
import { foldMarkers } from "./fold-markers.ts";
import { KindFilter } from "./kind-filter.tsx";
import { MarkerRow } from "./marker-row.tsx";
import { countsInWords, markerText } from "./marker-words.ts";
import type { ShowMoments } from "./moments-shown.ts";

interface EventsDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly list: MarkerList;
  readonly span: TimeSpan;
  readonly nowMs: number;
  readonly kinds: ReadonlySet<MarkerKind>;
  readonly onKinds: (kinds: ReadonlySet<MarkerKind>) => void;
  readonly onShow: ShowMoments;
}

const ORDERS = [
  { value: "latest", label: "Latest first" },
  { value: "oldest", label: "Oldest first" },
];
const FIRST = 50;

/** Everything that happened in a stretch of time, as a list. */
export function EventsDialog({ open, onOpenChange, list, span, nowMs, kinds, onKinds, onShow }: EventsDialogProps) {
  const [search, setSearch] = useState("");
  const [order, setOrder] = useState("latest");
  const [all, setAll] = useState(false);
  const wanted = search.toLowerCase().split(/\s+/);
  const within = list.markers.filter(({ atMs }) => atMs >= span.fromMs && atMs <= span.toMs);
  const found = within.filter((marker) => {
    const text = markerText(marker);
    return kinds.has(marker.kind) && wanted.every((word) => text.includes(word));
  });
  const folded = foldMarkers(found.toReversed());
  const sorted = order === "latest" ? folded : folded.toReversed();
  const shown = all ? sorted : sorted.slice(0, FIRST);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      wide
      title="What happened"
      description={`From ${formatDateTime(span.fromMs)} to ${formatDateTime(span.toMs)}`}
    >
      <div className="flex flex-wrap items-center gap-2">
        <SearchInput label="Search what happened" value={search} onChange={setSearch} />
        <SegmentedControl label="Order" options={ORDERS} value={order} onChange={setOrder} />
        <KindFilter kinds={kinds} onChange={onKinds} />
      </div>
      <UnlistedNote list={list} span={span} kinds={kinds} />
      {found.length === 0 ? (
        <p className="py-8 text-center text-ink-3">
          {within.length === 0 ? "Nothing happened in this time." : "Nothing that happened matches."}
        </p>
      ) : (
        <ul className="mt-2">
          {shown.map(({ marker, earlier }) => (
            <MarkerRow
              key={earlier.at(-1)?.id ?? marker.id}
              marker={marker}
              earlier={earlier}
              nowMs={nowMs}
              onShow={(address) => {
                onOpenChange(false);
                onShow(address);
              }}
            />
          ))}
        </ul>
      )}
      {sorted.length > FIRST && <ShowAllButton count={sorted.length} all={all} onChange={setAll} />}
    </Dialog>
  );
}

/** Of a long stretch, only the numbers of some come. */
function UnlistedNote({ list, span, kinds }: Pick<EventsDialogProps, "list" | "span" | "kinds">) {
  const counts = new Map<MarkerKind, number>();
  for (const { fromMs, toMs, kind, count } of list.more)
    if (kinds.has(kind) && toMs > span.fromMs && fromMs < span.toMs) counts.set(kind, (counts.get(kind) ?? 0) + count);
  if (counts.size === 0) return null;
  return (
    <p className="mt-2 text-ink-3">
      {countsInWords(counts)} more are not listed one by one. Choose a shorter stretch of the axis to see them.
    </p>
  );
}
