"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { MarkerList, MeshPoint } from "#domain/history.ts";
import { useTRPC } from "../api/trpc.ts";
import { useServerNow } from "../live/use-now.ts";
import { ErrorState } from "../ui/error-state.tsx";
import { useNarrow } from "../ui/use-narrow.ts";
import { useUrlState } from "../ui/use-url-state.ts";
import { AxisHeader, AxisRange, AxisReadout, EventsButton, FoldButton } from "./axis-header.tsx";
import type { AxisMove } from "./axis-keys.ts";
import { AxisTrack } from "./axis-track.tsx";
import { resolutionAt, stepAt } from "./axis-window.ts";
import { CompareMenu } from "./compare-menu.tsx";
import { EventsDialog } from "./events-dialog.tsx";
import { neighbourOf } from "./marker-clusters.ts";
import { useMomentsShown } from "./moments-shown.ts";
import { RecordPopover } from "./record-popover.tsx";
import { ReplayControls } from "./replay-controls.tsx";
import { useShownMoment } from "./shown-moment.ts";
import { useAxisData } from "./use-axis-data.ts";
import { useAxisWindow } from "./use-axis-window.ts";
import { prefetchMoment } from "./use-moment.ts";
import { useReplay } from "./use-replay.ts";
import { useScrub } from "./use-scrub.ts";
import { useShownKinds } from "./use-shown-kinds.ts";

const NO_POINTS: readonly MeshPoint[] = [];
const NO_MARKERS: MarkerList = { markers: [], more: [] };
const SECOND_MS = 1000;
/** Closer to now than this, it is now, ms: the newest seconds are not on record yet. */
const IS_NOW_MS = 2000;

/** One time axis for traffic, policy and breakers: what the mesh did, what was done to it, and the way to see it again. */
export function TimeAxis() {
  const nowMs = useServerNow();
  const moments = useMomentsShown();
  const { past } = useShownMoment();
  const [folded, fold] = useUrlState("axis");
  // On a phone the mesh has the room first.
  const isNarrow = useNarrow();
  const isFolded = folded === null ? isNarrow : folded === "folded";
  const [listed, setListed] = useState(false);
  const [kinds, setKinds] = useShownKinds();
  const scrub = useScrub(moments.atMs, moments.setAt);
  const otherScrub = useScrub(moments.comparedMs ?? null, moments.setCompared);
  const window = useAxisWindow(moments.atMs, moments.comparedMs ?? null, nowMs);
  const { mesh, markers } = useAxisData(window.span, window.live);
  const loading = past?.loading ?? false;
  const replay = useReplay({ atMs: moments.atMs, loading, now: () => nowMs, show: moments.setAt });
  usePrefetchedNeighbours(moments.atMs, loading, nowMs, window.spanMs);
  const list = markers.data ?? NO_MARKERS;
  const known = list.markers.filter(({ kind }) => kinds.has(kind));

  /** `shown` and `other` are the two handles; null: now. */
  const positionOf = (which: "shown" | "other"): number | null =>
    which === "shown" ? scrub.position : otherScrub.position;
  const goTo = (atMs: number | null, which: "shown" | "other"): void => {
    if (which === "shown") replay.setPlaying(false);
    const clipped = atMs === null || atMs > nowMs - IS_NOW_MS ? null : Math.floor(atMs / SECOND_MS) * SECOND_MS;
    (which === "shown" ? scrub : otherScrub).move(clipped);
  };
  const move = (wanted: AxisMove, which: "shown" | "other"): void => {
    const fromMs = positionOf(which) ?? nowMs;
    if (wanted.kind === "zoom") window.zoom(wanted.factor, fromMs);
    if (wanted.kind === "start") goTo(window.span.fromMs, which);
    if (wanted.kind === "now") {
      goTo(null, which);
      window.toNow();
    }
    if (wanted.kind === "fine") goTo(fromMs + wanted.count * resolutionAt(fromMs, nowMs), which);
    if (wanted.kind === "steps") goTo(fromMs + wanted.count * stepAt(fromMs, nowMs, window.spanMs), which);
    if (wanted.kind === "marker") {
      // Of the one gone to last, the moment shown is up to a second later.
      const marker = neighbourOf(known, wanted.direction === 1 ? fromMs : fromMs - SECOND_MS, wanted.direction);
      if (marker !== null) goTo(Math.ceil(marker.atMs / SECOND_MS) * SECOND_MS, which);
    }
  };
  const count = known.length + list.more.reduce((sum, one) => sum + (kinds.has(one.kind) ? one.count : 0), 0);

  return (
    <section aria-label="Time axis" className="relative mt-3 rounded-lg border border-line bg-surface px-3 py-2">
      <AxisHeader>
        <ReplayControls
          playing={replay.playing}
          speed={replay.speed}
          isNow={moments.atMs === null}
          onPlay={(playing) => {
            if (playing && moments.atMs === null) goTo(window.span.fromMs, "shown");
            replay.setPlaying(playing);
          }}
          onSpeed={replay.setSpeed}
          onStep={(direction) => {
            move({ kind: "steps", count: direction }, "shown");
          }}
        />
        <FoldButton
          folded={isFolded}
          onFold={(next) => {
            fold(next === isNarrow ? null : next ? "folded" : "open");
          }}
        />
        <AxisReadout
          position={scrub.position}
          nowMs={nowMs}
          onNow={() => {
            move({ kind: "now" }, "shown");
          }}
        />
        <div className="ml-auto flex flex-wrap items-center gap-x-2 gap-y-1.5">
          {!isFolded && (
            <>
              <AxisRange spanMs={window.spanMs} span={window.span} onRange={window.setRange} onZoom={window.zoom} />
              <EventsButton
                count={count}
                onOpen={() => {
                  setListed(true);
                }}
              />
              <CompareMenu moments={moments} nowMs={nowMs} markers={list.markers} />
              <RecordPopover nowMs={nowMs} />
            </>
          )}
        </div>
      </AxisHeader>
      {!isFolded && mesh.isError && (
        <div className="mt-2">
          <ErrorState error={mesh.error} onRetry={() => void mesh.refetch()} />
        </div>
      )}
      {!isFolded && (
        <div className="mt-3">
          <AxisTrack
            axis={window.span}
            nowMs={nowMs}
            points={mesh.data ?? NO_POINTS}
            markers={list}
            shownKinds={kinds}
            moments={moments}
            position={scrub.position}
            otherPosition={moments.comparedMs === undefined ? undefined : otherScrub.position}
            onScrub={goTo}
            onPan={window.pan}
            onZoom={window.zoom}
            onMove={move}
            onList={() => {
              setListed(true);
            }}
          />
        </div>
      )}
      <EventsDialog
        {...{ list, nowMs, kinds }}
        open={listed}
        onOpenChange={setListed}
        span={window.span}
        onKinds={setKinds}
        onShow={moments.show}
      />
    </section>
  );
}

/** Reads the moments beside the one shown: they are the likeliest next. */
function usePrefetchedNeighbours(atMs: number | null, loading: boolean, nowMs: number, spanMs: number): void {
  const client = useQueryClient();
  const trpc = useTRPC();
  const stepMs = atMs === null ? 0 : stepAt(atMs, nowMs, spanMs);
  useEffect(() => {
    if (atMs === null || loading) return;
    for (const neighbour of [atMs - stepMs, atMs + stepMs])
      if (neighbour < Date.now() - IS_NOW_MS) prefetchMoment(client, trpc, neighbour);
  }, [atMs, loading, stepMs, client, trpc]);
}
