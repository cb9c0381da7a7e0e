"use client";

import { Zap } from "lucide-react";
import type { BreakerTarget } from "#domain/breaker-policy.ts";
import { useLive } from "../live/live-provider.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { Panel } from "../ui/panel.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { BreakersLink } from "./detail/breakers-link.tsx";
import { BreakerNow, LiveBreakerHeader } from "./detail/live-breaker.tsx";
import { ServiceBreakers } from "./detail/service-breakers.tsx";
import { GatewayReadings } from "./gateway-readings.tsx";
import { HistoryPanel } from "./history/history-panel.tsx";
import { coversCommand } from "#domain/override.ts";
import { parseBreakerKey } from "./parse-breaker-key.ts";
import { PolicySection } from "./policy/policy-section.tsx";

/** One breaker in full, or the policy for all calls to a service. */
export function BreakerPage({ breakerKey }: { breakerKey: string }) {
  const target = parseBreakerKey(breakerKey);
  if (target === null) {
    return (
      <>
        <PageHeader title={breakerKey} above={<BreakersLink />} />
        <Panel>
          <EmptyState icon={Zap} title="There is no such breaker">
            A breaker is named after its route and service, as in “checkout-&gt;payments”.
          </EmptyState>
        </Panel>
      </>
    );
  }
  return target.kind === "service" ? (
    <ServicePage target={target} />
  ) : (
    <CommandPage target={target} breakerKey={breakerKey} />
  );
}

function ServicePage({ target }: { target: BreakerTarget }) {
  const { picture } = useLive();
  return (
    <>
      <PageHeader title={`All calls to ${target.service}`} above={<BreakersLink />} />
      <div className="flex flex-col gap-4">
        {picture === null ? (
          <Skeleton className="h-40 rounded-lg" />
        ) : (
          <ServiceBreakers breakers={picture.breakers.filter((candidate) => coversCommand(target, candidate))} />
        )}
        <PolicySection target={target} />
      </div>
    </>
  );
}

interface CommandPageProps {
  readonly target: Extract<BreakerTarget, { kind: "command" }>;
  readonly breakerKey: string;
}

/** What is live above, what was below; the policy beside both where there is room. */
function CommandPage({ target, breakerKey }: CommandPageProps) {
  const { picture } = useLive();
  const breaker = picture?.breakers.find((candidate) => candidate.key === breakerKey);
  return (
    <>
      {breaker === undefined ? (
        <PageHeader title={breakerKey} above={<BreakersLink />} />
      ) : (
        <LiveBreakerHeader breaker={breaker} />
      )}
      <div className="grid items-start gap-4 min-[1800px]:grid-cols-[minmax(0,1fr)_640px]">
        <div className="flex min-w-0 flex-col gap-4">
          {picture === null && <Skeleton className="h-40 rounded-lg" />}
          {picture !== null && breaker === undefined && <NotInUse />}
          {breaker !== undefined && <BreakerNow breaker={breaker} />}
          <HistoryPanel routeId={target.routeId} service={target.service} />
          {breaker !== undefined && (
            <Panel title="Gateways" note="as each of them last told" padded={false} className="live">
              <GatewayReadings breaker={breaker} />
            </Panel>
          )}
        </div>
        <PolicySection target={target} />
      </div>
    </>
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
