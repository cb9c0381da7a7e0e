"use client";

import Link from "next/link";
import { useState } from "react";
import { plainText } from "../diff/plain-text.ts";
import { formatMoment } from "../format/time.ts";
import { MARKER_STYLES, TONE_CLASSES } from "../overview/marker-kinds.ts";
import { momentLink } from "../overview/moment-link.ts";
import { cn } from "../ui/cn.ts";
import { worstOf, type MarkerCluster } from "./cluster-markers.ts";
import { leftOf } from "./plot-area.ts";
import type { TimeSpan } from "./signal-range.ts";

interface MarkerStripProps {
  readonly clusters: readonly MarkerCluster[];
  readonly span: TimeSpan;
  readonly selected: string;
}

/** What happened, over the charts at its time: an icon each, or a number where several lie together; pressed, it says what. */
export function MarkerStrip({ clusters, span, selected }: MarkerStripProps) {
  const [open, setOpen] = useState<string | null>(null);
  const shown = clusters.find(({ markers }) => markers[0]?.id === open);
  if (clusters.length === 0) return null;
  return (
    <div>
      <ul aria-label="What happened" className="relative h-6">
        {clusters.map((cluster) => {
          const worst = worstOf(cluster);
          const id = cluster.markers[0]?.id ?? "";
          if (worst === undefined) return null;
          const { icon: Icon } = MARKER_STYLES[worst.kind];
          const several = cluster.markers.length > 1;
          return (
            <li key={id} className="absolute -translate-x-1/2" style={{ left: leftOf(cluster.atMs, span) }}>
              <button
                type="button"
                aria-expanded={open === id}
                aria-label={labelOf(cluster, span)}
                title={labelOf(cluster, span)}
                className={cn(
                  "flex h-6 min-w-6 items-center justify-center gap-0.5 rounded border border-line bg-surface px-1 text-xs hover:bg-hover aria-expanded:border-accent aria-expanded:bg-accent-tint",
                  TONE_CLASSES[worst.tone],
                )}
                onClick={() => {
                  setOpen(open === id ? null : id);
                }}
              >
                <Icon aria-hidden className="size-3.5" />
                {several && cluster.markers.length}
              </button>
            </li>
          );
        })}
      </ul>
      {shown !== undefined && (
        <ul
          className="mt-1 max-h-48 overflow-y-auto rounded-md border border-line bg-sunken px-3 py-2 text-sm"
          aria-label="At this moment"
        >
          {shown.markers.map((marker) => (
            <li key={marker.id} className="flex flex-wrap gap-x-2 py-0.5">
              <span className="text-ink-3 tabular-nums">{formatMoment(marker.atMs, span.toMs)}</span>
              <span className="min-w-0 break-words">
                {plainText(marker.title)}
                {marker.actor !== "" && <span className="text-ink-3"> by {marker.actor}</span>}
              </span>
              <Link href={momentLink(marker, selected)} className="text-accent hover:underline">
                Show the mesh at this moment
              </Link>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function labelOf({ markers }: MarkerCluster, span: TimeSpan): string {
  const [first] = markers;
  if (first === undefined) return "";
  const more = markers.length > 1 ? ` and ${(markers.length - 1).toString()} more` : "";
  // The number that is seen begins the name.
  const count = markers.length > 1 ? `${markers.length.toString()} from ` : "";
  return `${count}${formatMoment(first.atMs, span.toMs)}: ${plainText(first.title)}${more}`;
}
