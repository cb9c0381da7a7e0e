"use client";

import { Menu } from "@base-ui/react/menu";
import { Hand } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import type { FleetBreaker } from "#domain/live.ts";
import { modeInWords, type OverrideMode, type OverrideSpec } from "#domain/override.ts";
import type { PolicyRow } from "#domain/policy.ts";
import { BreakerCause } from "../breakers/breaker-cause.tsx";
import { automaticInWords, isIdle, stateInWords, STATE_STYLES, worstState } from "../breakers/breaker-state.ts";
import { ForceDialog } from "../breakers/force-dialog.tsx";
import { LiftDialog } from "../breakers/lift-dialog.tsx";
import { overridesOf } from "../breakers/overrides-of.ts";
import { StateBadge } from "../breakers/state-badge.tsx";
import { TimeLeft } from "../breakers/time-left.tsx";
import { useActiveOverrides } from "../breakers/use-active-overrides.ts";
import { formatRate } from "../format/number.ts";
import { useMayEdit } from "../identity/use-session.ts";
import { links } from "../links.ts";
import { buttonClass } from "../ui/button.tsx";
import { Panel } from "../ui/panel.tsx";
import { ShowAllButton } from "../ui/show-all-button.tsx";

const FIRST = 6;

/** Breakers that guard calls to a service, the worst first, with why and what can be done. */
export function ServiceBreakers({ breakers }: { breakers: readonly FleetBreaker[] }) {
  const overrides = useActiveOverrides();
  const [all, setAll] = useState(false);
  const [lifting, setLifting] = useState<PolicyRow<OverrideSpec> | null>(null);
  const [forcing, setForcing] = useState<{ breaker: FleetBreaker; mode: OverrideMode } | null>(null);
  const sorted = breakers.toSorted((a, b) => rankOf(a) - rankOf(b) || (a.key < b.key ? -1 : 1));
  return (
    <Panel title="Breakers" note={breakers.length.toString()} padded={false}>
      {breakers.length === 0 && <p className="p-4 text-ink-3">No calls have been guarded yet.</p>}
      <ul>
        {(all ? sorted : sorted.slice(0, FIRST)).map((breaker) => (
          <BreakerLine
            key={breaker.key}
            breaker={breaker}
            rows={overridesOf(overrides, breaker)}
            onLift={setLifting}
            onForce={(mode) => {
              setForcing({ breaker, mode });
            }}
          />
        ))}
      </ul>
      {sorted.length > FIRST && <ShowAllButton count={sorted.length} all={all} onChange={setAll} />}
      {lifting !== null && (
        <LiftDialog
          row={lifting}
          onClose={() => {
            setLifting(null);
          }}
        />
      )}
      {forcing !== null && (
        <ForceDialog
          {...forcing}
          onClose={() => {
            setForcing(null);
          }}
        />
      )}
    </Panel>
  );
}

function rankOf(breaker: FleetBreaker): number {
  const state = worstState(breaker);
  return state === null ? Number.MAX_SAFE_INTEGER : STATE_STYLES[state].rank;
}

interface BreakerLineProps {
  readonly breaker: FleetBreaker;
  readonly rows: readonly PolicyRow<OverrideSpec>[];
  readonly onLift: (row: PolicyRow<OverrideSpec>) => void;
  readonly onForce: (mode: OverrideMode) => void;
}

function BreakerLine({ breaker, rows, onLift, onForce }: BreakerLineProps) {
  const mayEdit = useMayEdit();
  const state = worstState(breaker);
  return (
    <li className="flex flex-col gap-1 border-b border-line px-4 py-2.5 last:border-b-0">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Link href={links.breaker(breaker.key)} className="min-w-0 font-medium break-words text-accent hover:underline">
          {breaker.key}
        </Link>
        {state !== null && <StateBadge state={state} words={stateInWords(breaker)} idle={isIdle(breaker)} />}
        <span className="ml-auto">
          <Menu.Root>
            <Menu.Trigger
              className={buttonClass("secondary", "sm")}
              disabled={!mayEdit}
              aria-label={`Override ${breaker.key}`}
            >
              <Hand aria-hidden />
              Override
            </Menu.Trigger>
            <Menu.Portal>
              <Menu.Positioner sideOffset={4} align="end" className="z-40">
                <Menu.Popup className="rounded-md border border-line bg-surface py-1 shadow-pop">
                  <Item
                    words="Force open…"
                    onClick={() => {
                      onForce("forced-open");
                    }}
                  />
                  <Item
                    words="Force closed…"
                    onClick={() => {
                      onForce("forced-closed");
                    }}
                  />
                  {rows.map((row) => (
                    <Item
                      key={row.id}
                      words={`Back to automatic… (${modeInWords(row.spec).toLowerCase()})`}
                      onClick={() => {
                        onLift(row);
                      }}
                    />
                  ))}
                </Menu.Popup>
              </Menu.Positioner>
            </Menu.Portal>
          </Menu.Root>
        </span>
      </div>
      <p className="text-sm text-ink-3">
        {formatRate(breaker.offeredPerSecond)} offered · automatic: {automaticInWords(breaker).toLowerCase()}
      </p>
      {rows.map(({ id, spec }) => (
        <p key={id} className="text-sm break-words text-ink-2">
          {modeInWords(spec)} by {spec.actor}, <TimeLeft expiresAtMs={spec.expiresAtMs} />: “{spec.reason}”
        </p>
      ))}
      {state !== "closed" && <BreakerCause breaker={breaker} />}
    </li>
  );
}

function Item({ words, onClick }: { words: string; onClick: () => void }) {
  return (
    <Menu.Item
      className="flex h-8 cursor-default items-center px-3 whitespace-nowrap outline-none data-highlighted:bg-hover"
      onClick={onClick}
    >
      {words}
    </Menu.Item>
  );
}
