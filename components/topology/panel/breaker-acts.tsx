"use client";

import Link from "next/link";
import { useState } from "react";
import type { FleetBreaker } from "#domain/live.ts";
import type { OverrideMode } from "#domain/override.ts";
import { BreakerCause } from "../../breakers/breaker-cause.tsx";
import { automaticInWords, stateInWords, worstState } from "../../breakers/breaker-state.ts";
import { ForceDialog } from "../../breakers/force-dialog.tsx";
import { StateBadge } from "../../breakers/state-badge.tsx";
import { formatRate } from "../../format/number.ts";
import { useMayEdit } from "../../identity/use-session.ts";
import { links } from "../../links.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";

/** Breakers as they stand now, why, and what can be done about them. */
export function BreakerActs({ breakers }: { breakers: readonly FleetBreaker[] }) {
  const mayEdit = useMayEdit();
  const [forcing, setForcing] = useState<{ readonly breaker: FleetBreaker; readonly mode: OverrideMode } | null>(null);
  if (breakers.length === 0) return <p className="text-ink-3">None has been used yet.</p>;
  return (
    <>
      <ul className="flex flex-col gap-3">
        {breakers.map((breaker) => {
          const state = worstState(breaker);
          const override = breaker.gateways.find(({ reading }) => reading.override !== null)?.reading.override ?? null;
          return (
            <li key={breaker.key} className="flex flex-col gap-1">
              <div className="flex items-center gap-2">
                <Link href={links.breaker(breaker.key)} className="min-w-0 truncate text-accent hover:underline">
                  {breaker.key}
                </Link>
                <span className="ml-auto">
                  {state !== null && <StateBadge state={state} words={stateInWords(breaker)} />}
                </span>
              </div>
              <p className="text-sm text-ink-3">
                {formatRate(breaker.offeredPerSecond)} offered · automatic: {automaticInWords(breaker).toLowerCase()}
                {override !== null && ` · forced by ${override.actor}: ${override.reason}`}
              </p>
              <BreakerCause breaker={breaker} />
              <div className="flex flex-wrap gap-2">
                {(["forced-open", "forced-closed"] as const).map((mode) => (
                  <Button
                    key={mode}
                    size="sm"
                    disabled={!mayEdit}
                    onClick={() => {
                      setForcing({ breaker, mode });
                    }}
                  >
                    {mode === "forced-open" ? "Force open…" : "Force closed…"}
                    <span className="sr-only"> {breaker.key}</span>
                  </Button>
                ))}
                {override !== null && (
                  <ButtonLink href={links.breaker(breaker.key)} size="sm">
                    End override…
                  </ButtonLink>
                )}
              </div>
            </li>
          );
        })}
      </ul>
      {forcing !== null && (
        <ForceDialog
          breaker={forcing.breaker}
          mode={forcing.mode}
          onClose={() => {
            setForcing(null);
          }}
        />
      )}
    </>
  );
}
