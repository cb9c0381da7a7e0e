"use client";

import { Popover } from "@base-ui/react/popover";
import { useRef, useState, type KeyboardEvent } from "react";
import { formatMoment } from "../format/time.ts";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import type { TimeSpan } from "./axis-window.ts";
import { LANES, type MarkerCluster } from "./marker-clusters.ts";
import { MarkerGlyph } from "./marker-glyph.tsx";
import { MarkerRow } from "./marker-row.tsx";
import { MARKER_WORDS } from "./marker-words.ts";
import type { ShowMoments } from "./moments-shown.ts";

interface AxisLanesProps {
  readonly clusters: readonly MarkerCluster[];
  readonly axis: TimeSpan;
  readonly nowMs: number;
  /** Sequence of the audit entry whose marker stands out; null for none. */
  readonly entry: number | null;
  readonly onShow: ShowMoments;
  /** Opens the list of everything that happened. */
  readonly onList: () => void;
}

/** So many are said at the axis itself. */
const SAID = 5;

/** What happened, under the line of the mesh: one stop of the Tab key, arrows go from one to the next. */
export function AxisLanes({ clusters, axis, nowMs, entry, onShow, onList }: AxisLanesProps) {
  const [stop, setStop] = useState<string | null>(null);
  const [open, setOpen] = useState<{ readonly key: string; readonly anchor: Element } | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const ordered = clusters.toSorted((a, b) => a.atMs - b.atMs);
  const stopKey = ordered.some(({ key }) => key === stop) ? stop : ordered.at(-1)?.key;
  const opened = open === null ? undefined : ordered.find(({ key }) => key === open.key);
  const walk = (event: KeyboardEvent): void => {
    const direction = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const next = ordered[ordered.findIndex(({ key }) => key === stopKey) + direction];
    if (direction === 0 || next === undefined) return;
    event.preventDefault();
    setStop(next.key);
    box.current?.querySelector<HTMLElement>(`[data-cluster="${next.key}"]`)?.focus();
  };
  return (
    <div ref={box} role="group" aria-label="What happened">
      {LANES.map((lane) => (
        <div key={lane.id} className="relative h-6 border-b border-line last:border-b-0">
          {clusters
            .filter((cluster) => cluster.lane === lane.id)
            .map((cluster) => (
              <ClusterButton
                key={cluster.key}
                cluster={cluster}
                left={(cluster.atMs - axis.fromMs) / (axis.toMs - axis.fromMs)}
                nowMs={nowMs}
                isStop={cluster.key === stopKey}
                isOpen={cluster.key === opened?.key}
                standsOut={entry !== null && cluster.markers.some(({ auditSequence }) => auditSequence === entry)}
                onKeyDown={walk}
                onOpen={(anchor) => {
                  setStop(cluster.key);
                  setOpen({ key: cluster.key, anchor });
                }}
              />
            ))}
        </div>
      ))}
      <Popover.Root
        open={opened !== undefined}
        onOpenChange={(next) => {
          if (!next) setOpen(null);
        }}
      >
        <Popover.Portal>
          <Popover.Positioner
            anchor={open?.anchor ?? null}
            side="top"
            sideOffset={6}
            className="z-40 max-w-[calc(100vw-16px)]"
          >
            <Popover.Popup
              finalFocus={() => box.current?.querySelector<HTMLElement>(`[data-cluster][tabindex="0"]`) ?? null}
              className="max-h-96 w-100 max-w-full overflow-y-auto rounded-md border border-line bg-surface px-3 py-2 shadow-pop"
            >
              {opened !== undefined && (
                <>
                  <Popover.Title className="font-medium">
                    {opened.count === 1 ? formatMoment(opened.atMs, nowMs) : clusterName(opened, nowMs)}
                  </Popover.Title>
                  <ul>
                    {opened.markers.slice(0, SAID).map((marker) => (
                      <MarkerRow
                        key={marker.id}
                        marker={marker}
                        nowMs={nowMs}
                        onShow={(address) => {
                          setOpen(null);
                          onShow(address);
                        }}
                      />
                    ))}
                  </ul>
                  {opened.count > Math.min(SAID, opened.markers.length) && (
                    <Button
                      size="sm"
                      className="my-1"
                      onClick={() => {
                        setOpen(null);
                        onList();
                      }}
                    >
                      +{opened.count - Math.min(SAID, opened.markers.length)} more
                    </Button>
                  )}
                </>
              )}
            </Popover.Popup>
          </Popover.Positioner>
        </Popover.Portal>
      </Popover.Root>
    </div>
  );
}

function clusterName({ markers, count, kinds, fromMs, atMs }: MarkerCluster, nowMs: number): string {
  const [only] = markers;
  if (count === 1 && only !== undefined) return `${formatMoment(atMs, nowMs)}: ${only.title}`;
  const words = kinds.map((kind) => MARKER_WORDS[kind].word.toLowerCase()).join(", ");
  return `${count.toString()} around ${formatMoment(only?.atMs ?? fromMs, nowMs)}: ${words}`;
}

interface ClusterButtonProps {
  readonly cluster: MarkerCluster;
  /** Share of the axis, 0 … 1. */
  readonly left: number;
  readonly nowMs: number;
  readonly isStop: boolean;
  readonly isOpen: boolean;
  readonly standsOut: boolean;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onOpen: (anchor: Element) => void;
}

function ClusterButton({ cluster, left, nowMs, isStop, isOpen, standsOut, onKeyDown, onOpen }: ClusterButtonProps) {
  const [kind = "revision"] = cluster.kinds;
  const name = clusterName(cluster, nowMs);
  return (
    <button
      type="button"
      data-cluster={cluster.key}
      tabIndex={isStop ? 0 : -1}
      title={name}
      aria-label={name}
      aria-haspopup="dialog"
      aria-expanded={isOpen}
      {...(standsOut && { "aria-current": "true" as const })}
      style={{ left: `${(left * 100).toFixed(3)}%` }}
      className={cn(
        "absolute top-0.5 flex h-5 min-w-5 -translate-x-1/2 items-center justify-center gap-0.5 rounded px-0.5 text-xs font-medium hover:z-10 hover:bg-hover",
        isOpen && "z-10 bg-hover",
        standsOut && "z-10 bg-accent-tint ring-2 ring-accent",
      )}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        onOpen(event.currentTarget);
      }}
    >
      <MarkerGlyph kind={kind} tone={cluster.tone} />
      {cluster.count > 1 && <span className="text-ink-2">{cluster.count > 999 ? "999+" : cluster.count}</span>}
    </button>
  );
}
