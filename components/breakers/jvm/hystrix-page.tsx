"use client";

import { Zap } from "lucide-react";
import Link from "next/link";
import type { HystrixCommand, HystrixSource } from "#domain/hystrix-command.ts";
import { TrendChart } from "../../charts/trend-chart.tsx";
import { formatCount, formatLatency, formatPercent, formatRate, NO_VALUE } from "../../format/number.ts";
import { links } from "../../links.ts";
import { useLive } from "../../live/live-provider.tsx";
import { Badge } from "../../ui/badge.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Panel } from "../../ui/panel.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { Stat } from "../../ui/stat.tsx";
import { StateBadge } from "../state-badge.tsx";
import { HystrixInstances } from "./hystrix-instances.tsx";
import { instancesInWords } from "./hystrix-tile.tsx";
import { noLatencyReason, sourcesOf, spreadOf, stateInWords, viewOf, type Percentile } from "./jvm-state.ts";
import { SourcesTable } from "./sources-table.tsx";

const PERCENTILES: readonly Percentile[] = ["p50", "p90", "p99", "p995"];

/** One Hystrix command of a JVM service, instance by instance. `commandKey` is `service/command`. */
export function HystrixPage({ commandKey }: { commandKey: string }) {
  const { picture } = useLive();
  const service = commandKey.slice(0, Math.max(0, commandKey.indexOf("/")));
  const command = picture?.hystrix.find(({ key }) => key === commandKey);
  const sources = sourcesOf(picture?.hystrixSources ?? [], service);
  return (
    <div className="max-w-6xl">
      {command !== undefined && picture !== null ? (
        <LiveCommand command={command} sources={sources} nowMs={picture.atMs} />
      ) : (
        <>
          <PageHeader title={commandKey} above={<Above />} />
          {picture === null ? (
            <Skeleton className="h-40 rounded-lg" />
          ) : (
            <NotThere service={service} sources={sources} nowMs={picture.atMs} />
          )}
        </>
      )}
    </div>
  );
}

function Above() {
  return (
    <Link href={links.breakers()} className="hover:underline">
      Breakers
    </Link>
  );
}

interface NotThereProps {
  readonly service: string;
  readonly sources: readonly HystrixSource[];
  readonly nowMs: number;
}

function NotThere({ service, sources, nowMs }: NotThereProps) {
  return (
    <Panel padded={false}>
      <EmptyState icon={Zap} title="No instance tells of this command">
        {sources.length === 0
          ? `No instance of ${service} in the registry advertises a hystrix.stream.`
          : "Hystrix tells of a command once it has run. The streams of this service:"}
      </EmptyState>
      {sources.length > 0 && <SourcesTable caption={`Streams of ${service}`} sources={sources} nowMs={nowMs} />}
    </Panel>
  );
}

interface LiveCommandProps {
  readonly command: HystrixCommand;
  readonly sources: readonly HystrixSource[];
  readonly nowMs: number;
}

function LiveCommand({ command, sources, nowMs }: LiveCommandProps) {
  const view = viewOf(command, nowMs);
  const reason = noLatencyReason(view, sources, nowMs);
  const served = view.fresh.reduce((sum, { fallbackServed }) => sum + fallbackServed, 0);
  const refused = view.fresh.reduce((sum, { counts }) => sum + (counts["short-circuited"] ?? 0), 0);
  const points = command.history.map(({ atMs, offeredPerSecond, errorPercent }) => ({
    atMs,
    requestsPerSecond: offeredPerSecond,
    errorPercent,
  }));
  return (
    <>
      <PageHeader
        title={command.name}
        above={<Above />}
        note={
          <div className="live mt-1 flex flex-wrap items-center gap-x-3 gap-y-1">
            {view.state === null ? (
              <Badge tone="off">Not known now</Badge>
            ) : (
              <StateBadge state={view.state} words={stateInWords(view)} />
            )}
            <span>
              Service:{" "}
              <Link href={links.service(command.service)} className="text-accent hover:underline">
                {command.service}
              </Link>
            </span>
            <span>Group: {command.group === "" ? NO_VALUE : command.group}</span>
            <span>Read only: Hystrix has no remote control, so nothing can be forced here.</span>
          </div>
        }
      />
      <div className="mb-4 grid gap-4 xl:grid-cols-3">
        <Panel
          title="Last minute"
          note="calls offered, and the share of those made that failed"
          className="live xl:col-span-2"
        >
          <TrendChart points={points} label={`Calls and errors of ${command.key} over the last minute`} />
        </Panel>
        <Panel title="Now" note={`over ${instancesInWords(view.fresh.length)}`}>
          <dl className="live grid grid-cols-2 gap-3 sm:grid-cols-3 xl:grid-cols-2">
            <Stat label="Offered">{formatRate(command.offeredPerSecond)}</Stat>
            <Stat label="Errors">{formatPercent(view.errorPercent)}</Stat>
            <Stat label="Failed">{`${formatCount(view.errors)} of ${formatCount(view.requests)}`}</Stat>
            <Stat label="Short-circuited">{formatCount(refused)}</Stat>
            <Stat label="Served by a fallback">{formatCount(served)}</Stat>
            {PERCENTILES.map((percentile) => {
              const spread = spreadOf(view.fresh, percentile);
              const name = percentile === "p995" ? "p99.5" : percentile;
              return (
                <Stat key={percentile} label={view.fresh.length > 1 ? `${name}, highest` : name}>
                  {spread === null ? NO_VALUE : formatLatency(spread.max)}
                  {spread !== null && spread.min < spread.max && (
                    <span className="ml-1 text-sm font-normal text-ink-3">from {formatLatency(spread.min)}</span>
                  )}
                </Stat>
              );
            })}
          </dl>
          {reason !== "" && <p className="mt-3 text-sm text-ink-3">{reason}</p>}
        </Panel>
        <Panel
          title="Instances"
          note="each by its own stream; percentiles of several are never put into one"
          padded={false}
          className="live xl:col-span-3"
        >
          <HystrixInstances command={command} sources={sources} nowMs={nowMs} />
        </Panel>
      </div>
    </>
  );
}
