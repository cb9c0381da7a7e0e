"use client";

import { Zap } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import type { FleetBreaker } from "#domain/live.ts";
import type { OverrideMode } from "#domain/override.ts";
import { formatCount, formatLatency, formatPercent, formatRate, NO_VALUE } from "../format/number.ts";
import { useMayEdit } from "../identity/use-session.ts";
import { links } from "../links.ts";
import { useLive } from "../live/live-provider.tsx";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { Panel } from "../ui/panel.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { Stat } from "../ui/stat.tsx";
import { BreakerCause } from "./breaker-cause.tsx";
import { automaticInWords, fleetWindow, stateInWords, worstState } from "./breaker-state.ts";
import { ForceDialog } from "./force-dialog.tsx";
import { GatewayReadings } from "./gateway-readings.tsx";
import { OutcomeChart } from "./outcome-chart.tsx";
import { OverrideLines } from "./override-lines.tsx";
import { coversCommand, overridesOf } from "./overrides-of.ts";
import { parseBreakerKey } from "./parse-breaker-key.ts";
import { PolicySection } from "./policy/policy-section.tsx";
import { StateBadge } from "./state-badge.tsx";
import { Transitions } from "./transitions.tsx";
import { useActiveOverrides } from "./use-active-overrides.ts";

/** One breaker in full, or the policy for all calls to a service. */
export function BreakerPage({ breakerKey }: { breakerKey: string }) {
  const { picture } = useLive();
  const target = parseBreakerKey(breakerKey);
  const above = (
    <Link href={links.breakers()} className="hover:underline">
      Breakers
    </Link>
  );
  if (target === null) {
    return (
      <>
        <PageHeader title={breakerKey} above={above} />
        <Panel>
          <EmptyState icon={Zap} title="There is no such breaker">
            A breaker is named after its route and service, as in “checkout-&gt;payments”.
          </EmptyState>
        </Panel>
      </>
    );
  }
  const breaker = picture?.breakers.find((candidate) => candidate.key === breakerKey);
  const bound = (picture?.breakers ?? []).filter((candidate) => coversCommand(target, candidate));
  return (
    <div className="max-w-6xl">
      {breaker !== undefined ? (
        <LiveBreaker breaker={breaker} />
      ) : (
        <>
          <PageHeader title={target.kind === "service" ? `All calls to ${target.service}` : breakerKey} above={above} />
          <div className="mb-4">
            {picture === null ? (
              <Skeleton className="h-40 rounded-lg" />
            ) : target.kind === "service" ? (
              <BoundBreakers bound={bound} />
            ) : (
              <NotInUse />
            )}
          </div>
        </>
      )}
      <PolicySection target={target} />
    </div>
  );
}

function NotInUse() {
  return (
    <Panel>
      <EmptyState icon={Zap} title="Not in use now">
        No gateway has reported a call of this route to this service since it started. A policy set below waits for the
        first.
      </EmptyState>
    </Panel>
  );
}

function BoundBreakers({ bound }: { bound: readonly FleetBreaker[] }) {
  return (
    <Panel title="Breakers of this service" className="live">
      {bound.length === 0 && <p className="text-ink-3">No call has been guarded yet.</p>}
      <ul className="flex flex-col gap-2">
        {bound.map((breaker) => {
          const state = worstState(breaker);
          return (
            <li key={breaker.key} className="flex flex-wrap items-center gap-3">
              <Link href={links.breaker(breaker.key)} className="text-accent hover:underline">
                {breaker.key}
              </Link>
              {state !== null && <StateBadge state={state} words={stateInWords(breaker)} />}
              <span className="text-ink-3">{formatRate(breaker.offeredPerSecond)}</span>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}

function LiveBreaker({ breaker }: { breaker: FleetBreaker }) {
  const [forcing, setForcing] = useState<OverrideMode | null>(null);
  const mayEdit = useMayEdit();
  const overrides = overridesOf(useActiveOverrides(), breaker);
  const state = worstState(breaker);
  const { total, errors, percent } = fleetWindow(breaker);
  return (
    <>
      <PageHeader
        title={breaker.key}
        above={
          <Link href={links.breakers()} className="hover:underline">
            Breakers
          </Link>
        }
        note={
          <div className="live mt-1 flex flex-wrap items-center gap-x-3 gap-y-1">
            {state !== null && <StateBadge state={state} words={stateInWords(breaker)} />}
            <span>Automatic: {automaticInWords(breaker).toLowerCase()}</span>
            <span>Override: {overrides.length === 0 ? "none" : "in force"}</span>
            <span>Group: {breaker.group}</span>
          </div>
        }
        actions={
          <>
            <Button
              disabled={!mayEdit}
              onClick={() => {
                setForcing("forced-open");
              }}
            >
              Force open…
            </Button>
            <Button
              disabled={!mayEdit}
              onClick={() => {
                setForcing("forced-closed");
              }}
            >
              Force closed…
            </Button>
          </>
        }
      />
      <div className="mb-4 grid gap-4 xl:grid-cols-3">
        <Panel title="Last minute" note="calls per second by how they ended" className="live xl:col-span-2">
          <OutcomeChart history={breaker.history} label={`Outcomes of ${breaker.key} over the last minute`} />
        </Panel>
        <Panel title="Now">
          <dl className="live mb-4 grid grid-cols-3 gap-3">
            <Stat label="Offered">{formatRate(breaker.offeredPerSecond)}</Stat>
            <Stat label="Errors">{formatPercent(percent)}</Stat>
            <Stat label="Failed calls">{`${formatCount(errors)} of ${formatCount(total)}`}</Stat>
            <Stat label="p50">{formatLatency(breaker.p50Ms)}</Stat>
            <Stat label="p95">{formatLatency(breaker.p95Ms)}</Stat>
            <Stat label="p99">{formatLatency(breaker.p99Ms)}</Stat>
            <Stat label="Callers" className="col-span-3">
              {breaker.callers.length === 0 ? NO_VALUE : breaker.callers.join(", ")}
            </Stat>
          </dl>
          <BreakerCause breaker={breaker} />
          {overrides.length > 0 && (
            <div className="mt-3">
              <OverrideLines rows={overrides} />
            </div>
          )}
        </Panel>
        <Panel title="Gateways" padded={false} className="live xl:col-span-3">
          <GatewayReadings breaker={breaker} />
        </Panel>
        <Panel title="Transitions" note="latest first" padded={false} className="live xl:col-span-3">
          <Transitions breaker={breaker} />
        </Panel>
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
    </>
  );
}
