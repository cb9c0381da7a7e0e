"use client";

import { Popover } from "@base-ui/react/popover";
import { SlidersHorizontal } from "lucide-react";
import type { ReactNode } from "react";
import Link from "next/link";
import { links } from "../links.ts";
import { Button, buttonClass } from "../ui/button.tsx";
import { CheckChoice } from "../ui/check-choice.tsx";
import { Switch } from "../ui/switch.tsx";
import { EDGE_FIGURES, NODE_BUDGET, type EdgeFigure } from "./model/graph-options.ts";
import type { GraphAddress } from "./views/use-graph-state.ts";

const FIGURE_NAMES: Readonly<Record<EdgeFigure, string>> = {
  rate: "Requests",
  error: "Errors",
  p50: "p50",
  p95: "p95",
  p99: "p99",
  share: "Share",
  bytes: "Bytes",
};

interface DisplayMenuProps {
  readonly address: GraphAddress;
  readonly flow: boolean;
  readonly onFlow: (flow: boolean) => void;
  readonly pins: number;
  readonly onUnpinAll: () => void;
  /** Null while nothing is drawn. */
  readonly onTidyUp: (() => void) | null;
}

/** What is drawn, and how. */
export function DisplayMenu({
  address: { state, change },
  flow,
  onFlow,
  pins,
  onUnpinAll,
  onTidyUp,
}: DisplayMenuProps) {
  return (
    <Popover.Root>
      <Popover.Trigger className={buttonClass()}>
        <SlidersHorizontal aria-hidden />
        Display
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner side="bottom" align="end" sideOffset={6} className="z-40">
          <Popover.Popup className="flex max-h-[75dvh] w-80 max-w-[calc(100vw-32px)] flex-col gap-4 overflow-y-auto rounded-md border border-line bg-surface p-4 shadow-pop outline-none">
            <Popover.Title className="sr-only">Display</Popover.Title>
            <Part title="Labels of calls">
              <div role="group" aria-label="Labels of calls" className="flex flex-wrap gap-1.5">
                {EDGE_FIGURES.map((figure) => (
                  <CheckChoice
                    key={figure}
                    label={FIGURE_NAMES[figure]}
                    checked={state.labels.includes(figure)}
                    onChange={(isChosen) => {
                      change({
                        labels: EDGE_FIGURES.filter((other) =>
                          other === figure ? isChosen : state.labels.includes(other),
                        ),
                      });
                    }}
                  />
                ))}
              </div>
            </Part>
            <Part title="Drawn">
              <Switch
                label="Gateways"
                hint="Between outside and the services they call"
                checked={state.gateways}
                onChange={(gateways) => {
                  change({ gateways });
                }}
              />
              <Switch
                label="Calls without traffic"
                hint="Configured by routes, backups and consumers"
                checked={state.configured}
                onChange={(configured) => {
                  change({ configured });
                }}
              />
              <Switch
                label="Idle services"
                checked={state.idle}
                onChange={(idle) => {
                  change({ idle });
                }}
              />
              <Switch
                label={`Groups beyond ${NODE_BUDGET.toString()} services`}
                hint="By the start of their names; those in trouble stay apart"
                checked={state.grouped}
                onChange={(grouped) => {
                  change({ grouped });
                }}
              />
              <Switch
                label="Flow of calls"
                hint="Stands still when your system asks for less motion"
                checked={flow}
                onChange={onFlow}
              />
            </Part>
            <div className="flex flex-wrap gap-2">
              <Button size="sm" disabled={onTidyUp === null} onClick={() => onTidyUp?.()}>
                Tidy up
              </Button>
              <Button
                size="sm"
                disabled={state.expanded.length === 0}
                onClick={() => {
                  change({ expanded: [] });
                }}
              >
                Close all
              </Button>
              <Button size="sm" disabled={pins === 0} onClick={onUnpinAll}>
                {pins === 0 ? "Unpin all" : `Unpin all (${pins.toString()})`}
              </Button>
            </div>
            <Link href={links.healthSettings()} className="self-start text-accent hover:underline">
              When is a service degraded or failing?
            </Link>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-2">
      <h3 className="text-sm font-medium text-ink-3">{title}</h3>
      {children}
    </section>
  );
}
