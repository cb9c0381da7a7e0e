"use client";

import { Popover } from "@base-ui/react/popover";
import { buttonClass } from "../ui/button.tsx";
import { HEALTH_STYLES } from "./health-style.ts";

const LINES = [
  { text: "Calls; the thicker, the more", color: "var(--line-strong)", width: 3, dash: undefined },
  { text: "Configured, no traffic", color: "var(--line-strong)", width: 1.5, dash: "4 5" },
  { text: "Served by a backup", color: "var(--accent)", width: 2.5, dash: "10 4 2 4" },
  { text: "Some calls fail", color: "var(--warn)", width: 2.5, dash: undefined },
  { text: "Many calls fail", color: "var(--bad)", width: 2.5, dash: undefined },
];

/** What lines and signs of the drawing mean. */
export function Legend() {
  return (
    <Popover.Root>
      <Popover.Trigger className={buttonClass("ghost", "md")}>Legend</Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner side="top" align="start" sideOffset={8} className="z-40">
          <Popover.Popup className="w-64 rounded-md border border-line bg-surface p-3 shadow-pop outline-none">
            <Popover.Title className="mb-2 font-medium">Legend</Popover.Title>
            <ul className="flex flex-col gap-1.5 text-ink-2">
              {LINES.map((line) => (
                <li key={line.text} className="flex items-center gap-2">
                  <svg aria-hidden width={36} height={8}>
                    <line
                      x1={0}
                      x2={36}
                      y1={4}
                      y2={4}
                      stroke={line.color}
                      strokeWidth={line.width}
                      strokeDasharray={line.dash}
                    />
                  </svg>
                  {line.text}
                </li>
              ))}
              {Object.values(HEALTH_STYLES).map((style) => (
                <li key={style.word} className="flex items-center gap-2">
                  <span className="flex w-9 justify-center">
                    <style.icon aria-hidden className="size-4" color={style.color} />
                  </span>
                  {style.word}
                </li>
              ))}
            </ul>
            <p className="mt-2 border-t border-line pt-2 text-sm text-ink-3">
              On every line: requests per second, then errors and the 95th percentile of latency.
            </p>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
