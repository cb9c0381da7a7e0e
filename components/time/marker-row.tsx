"use client";

import Link from "next/link";
import type { Marker } from "#domain/history.ts";
import { formatAgo, formatMoment } from "../format/time.ts";
import { links } from "../links.ts";
import { Button } from "../ui/button.tsx";
import { FoldedMarkers } from "./folded-markers.tsx";
import { MarkerGlyph } from "./marker-glyph.tsx";
import { MARKER_WORDS, markerLinks } from "./marker-words.ts";
import type { ShowMoments } from "./moments-shown.ts";
import { momentsAround } from "./moments-around.ts";

interface MarkerRowProps {
  readonly marker: Marker;
  /** What is like it and came before, folded into it, newest first. */
  readonly earlier?: readonly Marker[];
  readonly nowMs: number;
  readonly onShow: ShowMoments;
}

const LINK = "text-accent hover:underline";

/** What happened, when, who did it, and the ways from there. */
export function MarkerRow({ marker, earlier = [], nowMs, onShow }: MarkerRowProps) {
  const { beforeMs, afterMs } = momentsAround(marker.atMs, nowMs);
  return (
    <li className="flex gap-2 border-b border-line py-2 last:border-b-0">
      <span className="mt-1">
        <MarkerGlyph kind={marker.kind} tone={marker.tone} />
      </span>
      <div className="min-w-0 flex-1">
        <div className="break-words">
          <span className="sr-only">{MARKER_WORDS[marker.kind].one}: </span>
          {marker.title}
        </div>
        <div className="text-sm text-ink-3">
          {formatMoment(marker.atMs, nowMs)}, {formatAgo(marker.atMs, nowMs)}
          {marker.actor !== "" && `, by ${marker.actor}`}
        </div>
        <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
          <Button
            size="sm"
            onClick={() => {
              onShow({ atMs: marker.atMs });
            }}
          >
            Show this moment
          </Button>
          <Button
            size="sm"
            onClick={() => {
              onShow({ atMs: afterMs, comparedMs: beforeMs });
            }}
          >
            Before and after
          </Button>
          {marker.auditSequence !== null && (
            <Link href={links.auditEntry(marker.auditSequence)} className={LINK}>
              Audit entry {marker.auditSequence}
            </Link>
          )}
          {markerLinks(marker).map(({ name, href }) => (
            <Link key={href} href={href} className={LINK}>
              {name}
            </Link>
          ))}
        </div>
        <FoldedMarkers earlier={earlier}>
          {(one) => <MarkerRow key={one.id} marker={one} nowMs={nowMs} onShow={onShow} />}
        </FoldedMarkers>
      </div>
    </li>
  );
}
