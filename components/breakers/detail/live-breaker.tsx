"use client";

import { useState } from "react";
import type { FleetBreaker } from "#domain/live.ts";
import type { OverrideMode } from "#domain/override.ts";
import { formatCount, formatLatency, formatPercent, formatRate } from "../../format/number.ts";
import { useMayEdit } from "../../identity/use-session.ts";
import { Button } from "../../ui/button.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Panel } from "../../ui/panel.tsx";
import { Stat } from "../../ui/stat.tsx";
import { automaticInWords, fleetWindow, stateInWords, worstState } from "../breaker-state.ts";
import { BackupWarning } from "../backup-warning.tsx";
import { ForceDialog } from "../force-dialog.tsx";
import { OverrideLines } from "../override-lines.tsx";
import { overridesOf } from "../overrides-of.ts";
import { StateBadge } from "../state-badge.tsx";
import { useHeldOverrides } from "../use-active-overrides.ts";
import { BreakersLink } from "./breakers-link.tsx";
import { GatewayGauges } from "./gateway-gauges.tsx";
import { GuardedCalls } from "./guarded-calls.tsx";
import { useBindingPolicy } from "./use-binding-policy.ts";

/** Name, both layers of state, and the buttons that force it. */
export function LiveBreakerHeader({ breaker }: { breaker: FleetBreaker }) {
  const [forcing, setForcing] = useState<OverrideMode | null>(null);
  const mayEdit = useMayEdit();
  const overrides = overridesOf(useHeldOverrides(), breaker);
  const state = worstState(breaker);
  return (
    <>
      <PageHeader
        title={breaker.key}
        above={<BreakersLink />}
        note={
          <div className="live mt-1 flex flex-wrap items-center gap-x-3 gap-y-1">
            {state !== null && <StateBadge state={state} words={stateInWords(breaker)} />}
            <span>Automatic: {automaticInWords(breaker).toLowerCase()}</span>
            <span>Override: {overrides.length === 0 ? "none" : "in force"}</span>
            <span>Group: {breaker.group}</span>
          </div>
        }
        actions={(["forced-open", "forced-closed"] as const).map((mode) => (
          <Button
            key={mode}
            disabled={!mayEdit}
            onClick={() => {
              setForcing(mode);
            }}
          >
            {mode === "forced-open" ? "Force open…" : "Force closed…"}
          </Button>
        ))}
      />
      {overrides.length > 0 && (
        <div className="mb-4">
          <OverrideLines overrides={overrides} />
        </div>
      )}
      {forcing !== null && (
        <ForceDialog
          breaker={breaker}
          mode={forcing}
          onClose={() => {
            setForcing(null);
          }}
        />
      )}
    </>
  );
}

/** How it stands at this moment, by the live stream. */
export function BreakerNow({ breaker }: { breaker: FleetBreaker }) {
  const { settings, fallbacks } = useBindingPolicy(breaker.routeId, breaker.service);
  const { total, errors, percent } = fleetWindow(breaker);
  return (
    <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_320px]">
      <Panel title="The window against the thresholds" note="at each gateway, now" className="live">
        <GatewayGauges breaker={breaker} settings={settings} />
      </Panel>
      <Panel title="Now" note="all gateways">
        <dl className="live mb-4 grid grid-cols-3 gap-3">
          <Stat label="Offered">{formatRate(breaker.offeredPerSecond)}</Stat>
          <Stat label="Errors">{formatPercent(percent)}</Stat>
          <Stat label="Failed calls">{`${formatCount(errors)} of ${formatCount(total)}`}</Stat>
          <Stat label="p50">{formatLatency(breaker.p50Ms)}</Stat>
          <Stat label="p95">{formatLatency(breaker.p95Ms)}</Stat>
          <Stat label="p99">{formatLatency(breaker.p99Ms)}</Stat>
        </dl>
        <GuardedCalls breaker={breaker} fallbacks={fallbacks} />
        <BackupWarning outlooks={breaker.outlooks} className="mt-3" />
      </Panel>
    </div>
  );
}
