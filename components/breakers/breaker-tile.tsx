"use client";

import Link from "next/link";
import { useState } from "react";
import type { FleetBreaker } from "#domain/live.ts";
import type { OverrideMode, OverrideSpec } from "#domain/override.ts";
import type { PolicyRow } from "#domain/policy.ts";
import { formatCount, formatLatency, formatPercent, formatRate } from "../format/number.ts";
import { useMayEdit } from "../identity/use-session.ts";
import { links } from "../links.ts";
import { Button } from "../ui/button.tsx";
import { automaticInWords, fleetWindow, stateInWords, worstState } from "./breaker-state.ts";
import { BackupWarning } from "./backup-warning.tsx";
import { BreakerCause } from "./breaker-cause.tsx";
import { BreakerDisc } from "./breaker-disc.tsx";
import { ForceDialog } from "./force-dialog.tsx";
import { OutcomeSpark } from "./outcome-spark.tsx";
import { OverrideLines } from "./override-lines.tsx";
import { StateBadge } from "./state-badge.tsx";

interface BreakerTileProps {
  readonly breaker: FleetBreaker;
  readonly busiest: number;
  readonly overrides: readonly PolicyRow<OverrideSpec>[];
}

function Figure({ label, children }: { label: string; children: string }) {
  return (
    <div>
      <dt className="text-xs text-ink-3">{label}</dt>
      <dd className="font-medium whitespace-nowrap">{children}</dd>
    </div>
  );
}

/** One breaker at a glance: state in both layers, traffic, why, and what one may do. */
export function BreakerTile({ breaker, busiest, overrides }: BreakerTileProps) {
  const [forcing, setForcing] = useState<OverrideMode | null>(null);
  const mayEdit = useMayEdit();
  const state = worstState(breaker);
  const { total, errors, percent } = fleetWindow(breaker);
  const thresholds = breaker.gateways[0]?.reading.thresholds;
  const windowSeconds = ((breaker.gateways[0]?.reading.window.ms ?? 0) / 1000).toString();
  const backups = [...new Set(breaker.gateways.flatMap(({ reading }) => reading.backups))];
  return (
    <article
      aria-label={`Breaker ${breaker.key}`}
      className="flex flex-col gap-3 rounded-lg border border-line bg-surface p-4"
    >
      <div className="live flex gap-3">
        <BreakerDisc breaker={breaker} busiest={busiest} />
        <div className="flex min-w-0 flex-1 flex-col gap-0.5">
          <h2 className="truncate text-md font-semibold">
            <Link href={links.breaker(breaker.key)} className="hover:underline" title={breaker.key}>
              {breaker.key}
            </Link>
          </h2>
          <div>{state === null ? "Not reported" : <StateBadge state={state} words={stateInWords(breaker)} />}</div>
          <div className="text-sm text-ink-2">
            Automatic: {automaticInWords(breaker).toLowerCase()} · Override:{" "}
            {overrides.length === 0 ? "none" : "in force"}
          </div>
        </div>
      </div>
      <dl className="live grid grid-cols-3 gap-x-3 gap-y-1.5">
        <Figure label="Offered">{formatRate(breaker.offeredPerSecond)}</Figure>
        <Figure label="Errors">{formatPercent(percent)}</Figure>
        <Figure label={`Calls in ${windowSeconds} s`}>{`${formatCount(errors)} of ${formatCount(total)}`}</Figure>
        <Figure label="p50">{formatLatency(breaker.p50Ms)}</Figure>
        <Figure label="p95">{formatLatency(breaker.p95Ms)}</Figure>
        <Figure label="p99">{formatLatency(breaker.p99Ms)}</Figure>
      </dl>
      <div className="live">
        <OutcomeSpark history={breaker.history} />
        <div className="mt-1 flex justify-between text-xs text-ink-3">
          <span>60 s</span>
          {thresholds !== undefined && (
            <span>
              {thresholds.enabled
                ? `opens at ${thresholds.errorPercent.toString()} % of ${thresholds.requestVolume.toString()} or more`
                : "never opens by itself"}
            </span>
          )}
          <span>now</span>
        </div>
      </div>
      <BreakerCause breaker={breaker} />
      {backups.length > 0 && (
        <p className="text-sm text-ink-2">
          Backup: <span className="font-medium text-ink">{backups.join(", ")}</span>
        </p>
      )}
      <BackupWarning outlooks={breaker.outlooks} />
      {overrides.length > 0 && <OverrideLines rows={overrides} />}
      <div className="mt-auto flex flex-wrap gap-2 border-t border-line pt-3">
        <Button
          size="sm"
          disabled={!mayEdit}
          onClick={() => {
            setForcing("forced-open");
          }}
        >
          Force open…<span className="sr-only"> {breaker.key}</span>
        </Button>
        <Button
          size="sm"
          disabled={!mayEdit}
          onClick={() => {
            setForcing("forced-closed");
          }}
        >
          Force closed…<span className="sr-only"> {breaker.key}</span>
        </Button>
      </div>
      {forcing !== null && (
        <ForceDialog
          breaker={breaker}
          mode={forcing}
          onClose={() => {
            setForcing(null);
          }}
        />
      )}
    </article>
  );
}
