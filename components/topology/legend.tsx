"use client";

import { Popover } from "@base-ui/react/popover";
import type { ReactNode } from "react";
import { STATE_STYLES } from "../breakers/breaker-state.ts";
import { buttonClass } from "../ui/button.tsx";
import { edgeLook, CHANGE_STYLES } from "./canvas/drawing-style.ts";
import { HEALTH_STYLES } from "./health-style.ts";
import { LegendBox, LegendLine, LegendSign } from "./legend-signs.tsx";

const CALLS = {
  configuredOnly: false,
  asFallback: false,
  requestsPerSecond: 30,
  health: "healthy",
  change: null,
} as const;

const LINES = [
  { text: "Calls; the thicker, the more", look: edgeLook(CALLS) },
  { text: "Degraded calls", look: edgeLook({ ...CALLS, health: "degraded" }) },
  { text: "Failing calls", look: edgeLook({ ...CALLS, health: "failing" }) },
  { text: "Served by a backup", look: edgeLook({ ...CALLS, asFallback: true }) },
  { text: "Configured, no traffic", look: edgeLook({ ...CALLS, configuredOnly: true }) },
] as const;

const BOXES = [
  { text: "Service: opens to its versions and instances", kind: "service" },
  { text: "Outside, or a caller: nobody calls it", kind: "outside" },
  { text: "Gateway", kind: "gateway" },
  { text: "Group: several services as one", kind: "group" },
] as const;

const CHANGE_WORDS = {
  added: "New since then",
  gone: "Gone since then",
  worse: "Worse than then",
  better: "Better than then",
  more: "More traffic",
  less: "Less traffic",
} as const;
const CHANGES = ["added", "gone", "worse", "better", "more", "less"] as const;
const BREAKERS = ["closed", "half-open", "open", "forced-open", "forced-closed"] as const;

/** What lines, boxes and signs of the drawing mean. */
export function Legend() {
  return (
    <Popover.Root>
      <Popover.Trigger className={buttonClass("ghost", "md")}>Legend</Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner side="top" align="start" sideOffset={8} collisionPadding={8} className="z-40">
          <Popover.Popup className="max-h-(--available-height) w-128 max-w-[calc(100vw-16px)] overflow-y-auto rounded-md border border-line bg-surface p-4 shadow-pop outline-none">
            <Popover.Title className="sr-only">Legend</Popover.Title>
            <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
              <Part title="Arrows">
                {LINES.map(({ text, look }) => (
                  <Entry key={text} text={text}>
                    <LegendLine look={look} />
                  </Entry>
                ))}
                <Entry text="Dots: calls on their way, red when they fail">
                  <LegendLine look={edgeLook(CALLS)} dotted />
                </Entry>
              </Part>
              <Part title="Boxes">
                {BOXES.map(({ text, kind }) => (
                  <Entry key={kind} text={text}>
                    <LegendBox kind={kind} />
                  </Entry>
                ))}
                <Entry text="Pinned: stays where it was put">
                  <LegendSign sign="pin" ink="ink2" />
                </Entry>
                <Entry text="Serving as a backup">
                  <LegendSign sign="backup" ink="accent" />
                </Entry>
              </Part>
              <Part title="Health">
                {(["healthy", "degraded", "failing", "idle"] as const).map((health) => {
                  const { icon: Icon, word, color } = HEALTH_STYLES[health];
                  return (
                    <Entry key={health} text={word}>
                      <Icon aria-hidden className="size-4" color={color} />
                    </Entry>
                  );
                })}
              </Part>
              <Part title="Breakers">
                {BREAKERS.map((state) => {
                  const { icon: Icon, word, color } = STATE_STYLES[state];
                  return (
                    <Entry key={state} text={word}>
                      <Icon aria-hidden className="size-4" color={state === "closed" ? "var(--ink-3)" : color} />
                    </Entry>
                  );
                })}
              </Part>
              <Part title="While two moments are compared" wide>
                {CHANGES.map((change) => (
                  <Entry key={change} text={CHANGE_WORDS[change]}>
                    <LegendSign {...CHANGE_STYLES[change]} badge />
                  </Entry>
                ))}
              </Part>
            </div>
            <p className="mt-4 border-t border-line pt-3 text-sm text-ink-3">
              A box has requests per second, the share of errors, and the 95th percentile of latency. What stands on
              arrows is chosen under Display.
            </p>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

interface PartProps {
  readonly title: string;
  /** Over the whole width, with two entries beside each other. */
  readonly wide?: boolean;
  readonly children: ReactNode;
}

function Part({ title, wide = false, children }: PartProps) {
  return (
    <section className={wide ? "sm:col-span-2" : undefined}>
      <h3 className="mb-1.5 text-sm font-medium text-ink-3">{title}</h3>
      <ul className={wide ? "grid gap-x-6 gap-y-1.5 sm:grid-cols-2" : "flex flex-col gap-1.5"}>{children}</ul>
    </section>
  );
}

function Entry({ text, children }: { text: string; children: ReactNode }) {
  return (
    <li className="flex items-center gap-2.5 text-ink-2">
      <span className="flex w-9 shrink-0 justify-center">{children}</span>
      {text}
    </li>
  );
}
