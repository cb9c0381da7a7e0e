"use client";

import { Menu } from "@base-ui/react/menu";
import { ArrowLeftRight, GitCompareArrows, X } from "lucide-react";
import type { Marker } from "#domain/history.ts";
import { formatMoment } from "../format/time.ts";
import { Button, buttonClass } from "../ui/button.tsx";
import { neighbourOf } from "./marker-clusters.ts";
import { momentsAround } from "./moments-around.ts";
import type { MomentsShown } from "./moments-shown.ts";

interface CompareMenuProps {
  readonly moments: MomentsShown;
  readonly nowMs: number;
  /** On the axis now, oldest first. */
  readonly markers: readonly Marker[];
}

const EARLIER = [
  { words: "1 minute earlier", ms: 60_000 },
  { words: "10 minutes earlier", ms: 600_000 },
  { words: "1 hour earlier", ms: 3_600_000 },
  { words: "1 day earlier", ms: 86_400_000 },
  { words: "1 week earlier", ms: 604_800_000 },
];

const ITEM =
  "flex cursor-default items-center gap-2 rounded px-2 py-1.5 outline-none data-highlighted:bg-hover max-w-80";

/** Sets the shown moment beside another one. */
export function CompareMenu({ moments, nowMs, markers }: CompareMenuProps) {
  const { atMs, comparedMs, setCompared, show } = moments;
  if (comparedMs !== undefined) {
    return (
      <div role="group" aria-label="Comparison" className="flex items-center gap-1">
        <Button
          onClick={() => {
            show({ atMs: comparedMs, comparedMs: atMs });
          }}
        >
          <ArrowLeftRight aria-hidden />
          Swap
        </Button>
        <Button
          onClick={() => {
            setCompared(undefined);
          }}
        >
          <X aria-hidden />
          Stop comparing
        </Button>
      </div>
    );
  }
  const shownMs = atMs ?? nowMs;
  const lastChange = neighbourOf(
    markers.filter(({ kind }) => kind !== "instance" && kind !== "gateway"),
    shownMs,
    -1,
  );
  return (
    <Menu.Root>
      <Menu.Trigger className={buttonClass("secondary", "md")}>
        <GitCompareArrows aria-hidden />
        Compare
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner side="top" align="end" sideOffset={6} className="z-40">
          <Menu.Popup className="rounded-md border border-line bg-surface p-1 shadow-pop outline-none">
            {atMs !== null && (
              <Menu.Item
                className={ITEM}
                onClick={() => {
                  show({ atMs: null, comparedMs: atMs });
                }}
              >
                Now with this moment
              </Menu.Item>
            )}
            {lastChange !== null && (
              <Menu.Item
                className={ITEM}
                onClick={() => {
                  setCompared(momentsAround(lastChange.atMs, nowMs).beforeMs);
                }}
              >
                <span className="min-w-0">
                  Before the last change, {formatMoment(lastChange.atMs, nowMs)}
                  <span className="block truncate text-sm text-ink-3">{lastChange.title}</span>
                </span>
              </Menu.Item>
            )}
            {EARLIER.map(({ words, ms }) => (
              <Menu.Item
                key={ms}
                className={ITEM}
                onClick={() => {
                  setCompared(shownMs - ms);
                }}
              >
                {words}
              </Menu.Item>
            ))}
            <p className="max-w-64 px-2 pt-1 pb-1.5 text-sm text-ink-3">
              Then move the handle marked A on the axis to any other moment.
            </p>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
