"use client";

import Link from "next/link";
import { memo, useRef, useState } from "react";
import type { FleetBreaker } from "#domain/live.ts";
import type { OverrideMode } from "#domain/override.ts";
import { formatCount, formatLatency, formatPercent, formatRate } from "../format/number.ts";
import { useMayEdit } from "../identity/use-session.ts";
import { links } from "../links.ts";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import { fallbacksInWords, slownessInWords, thresholdsInWords } from "./board/reading-words.ts";
import type { SilentGateway } from "./board/silent-gateways.ts";
import { TileWarnings } from "./board/tile-warnings.tsx";
import { useHeldWhileUnseen } from "./board/use-held-while-unseen.ts";
import { automaticInWords, fleetWindow, isIdle, stateInWords, worstState } from "./breaker-state.ts";
import { BackupWarning } from "./backup-warning.tsx";
import { BreakerCause } from "./breaker-cause.tsx";
import { BreakerDisc } from "./breaker-disc.tsx";
import { ForceDialog } from "./force-dialog.tsx";
import type { HeldOverride } from "./held-override.ts";
import { InstanceDots } from "./instance-dots.tsx";
import { OutcomeSpark } from "./outcome-spark.tsx";
import { OverrideLines } from "./override-lines.tsx";
import { overridesOf } from "./overrides-of.ts";
import { StateBadge } from "./state-badge.tsx";

interface BreakerTileProps {
  readonly breaker: FleetBreaker;
  /** Calls per second that fill the ring, the same for all tiles. */
  readonly full: number;
  /** All overrides in force. */
  readonly overrides: readonly HeldOverride[];
  readonly silent: readonly SilentGateway[];
}

function Figure({ label, bad = false, children }: { label: string; bad?: boolean; children: string }) {
  return (
    <div>
      <dt className="text-xs text-ink-3">{label}</dt>
      <dd className={cn("font-medium whitespace-nowrap", bad && "text-bad")}>{children}</dd>
    </div>
  );
}

/**
 * One breaker at a glance: state in both layers, traffic, why, and what one may do. It is rendered again only when the
 * breaker says something else; a tile far out of view is not laid out, and follows its figures at leisure.
 */
export const BreakerTile = memo(function BreakerTile({ breaker, ...rest }: BreakerTileProps) {
  const ref = useRef<HTMLElement>(null);
  const shown = useHeldWhileUnseen(ref, breaker);
  const state = worstState(shown);
  return (
    <article
      ref={ref}
      aria-label={`Breaker ${breaker.key}`}
      className={cn(
        "flex flex-col gap-2.5 rounded-lg border bg-surface p-4 [contain-intrinsic-size:auto_22rem] [content-visibility:auto]",
        state === "open" || state === "forced-open" ? "border-bad/50" : "border-line",
      )}
    >
      <TileContent breaker={shown} {...rest} />
    </article>
  );
});

const TileContent = memo(function TileContent({ breaker, full, overrides, silent }: BreakerTileProps) {
  const state = worstState(breaker);
  const { total, errors, percent } = fleetWindow(breaker);
  const [first] = breaker.gateways;
  const windowSeconds = ((first?.reading.window.ms ?? 0) / 1000).toString();
  const fallbacks = fallbacksInWords(breaker);
  const slowness = slownessInWords(breaker);
  const own = overridesOf(overrides, breaker);
  const failing = !isIdle(breaker) && percent >= 10;
  return (
    <>
      <div className="live flex gap-3">
        <BreakerDisc breaker={breaker} full={full} silent={new Set(silent.map(({ id }) => id))} />
        <div className="flex min-w-0 flex-1 flex-col gap-0.5">
          <h2 className="truncate text-md font-semibold">
            <Link href={links.breaker(breaker.key)} className="hover:underline" title={breaker.key}>
              {breaker.key}
            </Link>
          </h2>
          <div>
            {state === null ? (
              "Not reported"
            ) : (
              <StateBadge state={state} idle={isIdle(breaker)} words={stateInWords(breaker)} />
            )}
          </div>
          <div className="text-sm text-ink-2">
            Automatic: {automaticInWords(breaker).toLowerCase()} · Override: {own.length === 0 ? "none" : "in force"}
          </div>
        </div>
      </div>
      <TileWarnings breaker={breaker} silent={silent} />
      <dl className="live grid grid-cols-3 gap-x-3 gap-y-1">
        <Figure label="Offered">{formatRate(breaker.offeredPerSecond)}</Figure>
        <Figure label="Errors" bad={failing}>
          {formatPercent(percent)}
        </Figure>
        <Figure label={`Failed in ${windowSeconds} s`}>{`${formatCount(errors)} of ${formatCount(total)}`}</Figure>
        <Figure label="p50">{formatLatency(breaker.p50Ms)}</Figure>
        <Figure label="p95">{formatLatency(breaker.p95Ms)}</Figure>
        <Figure label="p99">{formatLatency(breaker.p99Ms)}</Figure>
      </dl>
      <div className="live">
        <OutcomeSpark history={breaker.history} />
        <div className="mt-1 flex justify-between text-xs text-ink-3">
          <span>60 s</span>
          {first !== undefined && <span>{thresholdsInWords(first.reading.thresholds)}</span>}
          <span>now</span>
        </div>
      </div>
      <BreakerCause breaker={breaker} />
      {slowness !== null && <p className="live text-sm text-ink-2">{slowness}</p>}
      {fallbacks !== "" && (
        <p className="text-sm text-ink-2">
          Falls back to <span className="font-medium text-ink">{fallbacks}</span>
        </p>
      )}
      <BackupWarning outlooks={breaker.outlooks} brief />
      <div className="live">
        <InstanceDots service={breaker.service} />
      </div>
      {own.length > 0 && <OverrideLines overrides={own} />}
      <ForceButtons breaker={breaker} />
    </>
  );
});

function ForceButtons({ breaker }: { breaker: FleetBreaker }) {
  const [forcing, setForcing] = useState<OverrideMode | null>(null);
  const mayEdit = useMayEdit();
  return (
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
      {forcing !== null && (
        <ForceDialog
          breaker={breaker}
          mode={forcing}
          onClose={() => {
            setForcing(null);
          }}
        />
      )}
    </div>
  );
}
