"use client";

import { useRef, useState, type KeyboardEvent } from "react";
import type { BreakerHistory } from "#domain/breaker-history.ts";
import { ChartKey } from "../../charts/chart-key.tsx";
import { STATE_STYLES } from "../breaker-state.ts";
import { bandSegments, overrideBands, type BandSegment, type TimeSpan } from "./band-segments.ts";
import { AXIS_LEFT, AXIS_RIGHT } from "./chart-frame.ts";
import { timelinePlace } from "./shown-transitions.ts";
import { overrideInWords, segmentInWords } from "./segment-words.ts";

interface StateBandsProps {
  readonly history: BreakerHistory;
  readonly axis: TimeSpan;
  readonly nowMs: number;
}

/** Every gateway's states under the charts, on the same axis, overrides over them. What is pointed at or focused is told below. */
export function StateBands({ history, axis, nowMs }: StateBandsProps) {
  const [told, setTold] = useState<string | null>(null);
  return (
    <div>
      <ul className="flex flex-col gap-2">
        {history.timelines.map((timeline) => (
          <li key={timelinePlace(timeline)}>
            <div className="text-sm text-ink-3" style={{ paddingLeft: AXIS_LEFT }}>
              {timelinePlace(timeline)}
            </div>
            <div style={{ paddingLeft: AXIS_LEFT, paddingRight: AXIS_RIGHT }}>
              <div className="relative h-6">
                <Segments
                  name={timelinePlace(timeline)}
                  segments={bandSegments(timeline.spans, axis)}
                  nowMs={nowMs}
                  onTell={setTold}
                />
                {overrideBands(history.overrides, timeline.gatewayId, axis).map((band) => (
                  <OverrideBar
                    key={band.span.fromMs}
                    from={band.from}
                    width={band.width}
                    mode={band.mode}
                    words={overrideInWords(band.span, axis.toMs, nowMs)}
                    onTell={setTold}
                  />
                ))}
              </div>
            </div>
          </li>
        ))}
      </ul>
      <p className="mt-1.5 min-h-10 text-sm text-ink-2 sm:min-h-5" style={{ paddingLeft: AXIS_LEFT }}>
        {told ?? (
          <span className="text-ink-3">Point at a band, or step through it with the arrow keys, to see why.</span>
        )}
      </p>
      <ChartKey
        entries={[
          { name: "Closed", color: STATE_STYLES.closed.color },
          { name: "Open", color: STATE_STYLES.open.color },
          { name: "Half-open and graded return", color: STATE_STYLES["half-open"].color },
          { name: "Held by a person", color: "var(--accent)", dashed: true },
        ]}
      />
    </div>
  );
}

interface SegmentsProps {
  readonly name: string;
  readonly segments: readonly BandSegment[];
  readonly nowMs: number;
  readonly onTell: (words: string | null) => void;
}

/** One gateway's band: one stop of the Tab key, arrow keys within. */
function Segments({ name, segments, nowMs, onTell }: SegmentsProps) {
  const bar = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<number | null>(null);
  const stop = Math.min(at ?? segments.length - 1, segments.length - 1);
  const step = (event: KeyboardEvent): void => {
    const next = nextStop(event.key, stop, segments.length);
    if (next === null) return;
    event.preventDefault();
    setAt(next);
    bar.current?.querySelectorAll("button")[next]?.focus();
  };
  return (
    <div ref={bar} role="group" aria-label={`States at ${name}`}>
      {segments.map((segment, index) => {
        const words = segmentInWords(segment, nowMs);
        const tell = (): void => {
          onTell(`${name}: ${words}`);
        };
        const quiet = (): void => {
          onTell(null);
        };
        return (
          <button
            type="button"
            key={segment.fromMs}
            aria-label={words}
            tabIndex={index === stop ? 0 : -1}
            className="absolute inset-y-0 flex items-end focus-visible:z-10 focus-visible:outline-offset-0"
            style={{ left: share(segment.from), width: `max(2px, ${share(segment.width)})` }}
            onKeyDown={step}
            onMouseEnter={tell}
            onMouseLeave={quiet}
            onFocus={() => {
              setAt(index);
              tell();
            }}
            onBlur={quiet}
          >
            <span className="block w-full" style={fillOf(segment)} />
          </button>
        );
      })}
    </div>
  );
}

/** Which segment a key leads to; null when the key leads nowhere. */
function nextStop(key: string, at: number, count: number): number | null {
  if (key === "ArrowLeft") return Math.max(0, at - 1);
  if (key === "ArrowRight") return Math.min(count - 1, at + 1);
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : null;
}

/** The worse, the higher: colour is not the only sign. What nobody knows is hatched. */
function fillOf({ state, percent }: BandSegment): { height: string; background: string; opacity?: number } {
  if (state === null) return { height: "100%", background: HATCH };
  const background = STATE_STYLES[state].color;
  if (state === "closed") return { height: "25%", background, opacity: 0.7 };
  if (state === "open") return { height: "100%", background };
  // A step of a graded return is the lower the more it lets through.
  return { height: percent === null ? "75%" : `${(70 - percent * 0.4).toString()}%`, background };
}

const HATCH = "repeating-linear-gradient(135deg, var(--line) 0 3px, transparent 3px 7px)";
const share = (part: number): string => `${(part * 100).toString()}%`;

interface OverrideBarProps {
  readonly from: number;
  readonly width: number;
  readonly mode: "forced-open" | "forced-closed";
  readonly words: string;
  readonly onTell: (words: string | null) => void;
}

/** A person's hold over the automatic states, which stay in view through it. */
function OverrideBar({ from, width, mode, words, onTell }: OverrideBarProps) {
  const Icon = STATE_STYLES[mode].icon;
  const tell = (): void => {
    onTell(words);
  };
  const quiet = (): void => {
    onTell(null);
  };
  return (
    <button
      type="button"
      aria-label={words}
      className="absolute top-0 flex h-3.5 items-center overflow-hidden border-y-2 border-dashed border-accent bg-accent-tint/80 px-0.5 text-accent focus-visible:z-10"
      style={{ left: share(from), width: `max(4px, ${share(width)})` }}
      onMouseEnter={tell}
      onMouseLeave={quiet}
      onFocus={tell}
      onBlur={quiet}
    >
      <Icon aria-hidden className="size-3 shrink-0" />
    </button>
  );
}
