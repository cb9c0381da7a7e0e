"use client";

import { useQuery } from "@tanstack/react-query";
import { Server, TriangleAlert } from "lucide-react";
import Link from "next/link";
import type { LivePicture } from "#domain/live.ts";
import { useTRPC } from "../api/trpc.ts";
import { standsOf } from "../breakers/instance-stand.ts";
import { ChartKey } from "../charts/chart-key.tsx";
import { TrendChart } from "../charts/trend-chart.tsx";
import { formatLatency, formatRate, formatRatio } from "../format/number.ts";
import { links } from "../links.ts";
import { useLive } from "../live/live-provider.tsx";
import { useServerNow } from "../live/use-now.ts";
import { BreakerLines, RouteLinks } from "../topology/detail-parts.tsx";
import { HealthBadge } from "../topology/health-badge.tsx";
import { ButtonLink } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { Panel } from "../ui/panel.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { Stat } from "../ui/stat.tsx";
import { DepartedTable } from "./departed-table.tsx";
import { ServiceInstances } from "./service-instances.tsx";
import { ServicePolicySection } from "./service-policy-section.tsx";
import { serviceRow, type ServiceRow } from "./service-row.ts";
import { useServicePolicy } from "./use-service-policy.ts";

/** One service: instances, traffic, the routes and breakers that concern it. */
export function ServicePage({ name }: { name: string }) {
  const { picture } = useLive();
  const service = picture?.services.find((candidate) => candidate.name === name);
  const row = picture === null || service === undefined ? null : serviceRow(picture, service);
  return (
    <>
      <PageHeader
        title={name}
        above={
          <Link href={links.services()} className="hover:underline">
            Services
          </Link>
        }
        note={row?.node != null && <HealthLine row={row} />}
        actions={
          <>
            <ButtonLink href={links.topology(`service:${name}`)}>Show in the topology</ButtonLink>
            <ButtonLink href={links.breaker(`service:${name}`)}>Breaker policy</ButtonLink>
          </>
        }
      />
      {picture === null && (
        <Panel padded={false}>
          <SkeletonRows />
        </Panel>
      )}
      {picture !== null && row === null && (
        <Panel>
          <EmptyState
            icon={Server}
            title="Not in the registry"
            action={<ButtonLink href={links.services()}>All services</ButtonLink>}
          >
            No instance of “{name}” is registered in ZooKeeper now.
          </EmptyState>
        </Panel>
      )}
      {picture !== null && row !== null && <ServiceBody picture={picture} row={row} />}
      {picture !== null && (
        <div className="mt-4">
          <ServicePolicySection service={name} />
        </div>
      )}
    </>
  );
}

function HealthLine({ row }: { row: ServiceRow }) {
  const { node } = row;
  if (node === null) return null;
  return (
    <div className="mt-1 flex flex-wrap items-center gap-2">
      <HealthBadge health={node.health} />
      {node.healthReason}
    </div>
  );
}

function ServiceBody({ picture, row }: { picture: LivePicture; row: ServiceRow }) {
  const { service, node } = row;
  const { trends } = useLive();
  const points = trends.get(`service:${service.name}`) ?? [];
  const breakers = picture.breakers.filter((breaker) => breaker.service === service.name);
  const settings = useServicePolicy(service.name).row?.spec.instances ?? {};
  const nowMs = useServerNow();
  // As the table below has it: who was forced out or ejected is registered, and serves nobody.
  const serving = standsOf(service, settings, nowMs).filter(({ kind }) => kind === "in" || kind === "kept-in").length;
  return (
    <div className="live grid gap-4 xl:grid-cols-3">
      <Panel className="xl:col-span-2" title="Traffic" note="since this page was opened, at most 5 minutes">
        <dl className="mb-3 flex flex-wrap gap-x-10 gap-y-2">
          <Stat label="Requests">{formatRate(node?.requestsPerSecond ?? 0)}</Stat>
          <Stat label="Errors">{formatRatio(node?.errorRatio ?? 0)}</Stat>
          <Stat label="p95">{formatLatency(node?.p95Ms ?? null)}</Stat>
          <Stat label="Instances serving">
            {serving} of {service.instances.length}
          </Stat>
        </dl>
        <TrendChart points={points} label={`Requests and errors of ${service.name} over the last minutes`} />
        <ChartKey
          entries={[
            { name: "Requests per second (left)", color: "var(--accent)" },
            { name: "Errors in percent (right)", color: "var(--bad)", dashed: true },
          ]}
        />
      </Panel>
      <div className="flex flex-col gap-4">
        <RoutesTouching name={service.name} />
        <Panel title="Breakers">
          {breakers.length === 0 ? (
            <p className="text-ink-3">No calls have been guarded yet.</p>
          ) : (
            <BreakerLines breakers={breakers} />
          )}
        </Panel>
      </div>
      <Panel className="xl:col-span-3" title="Instances" note={service.instances.length.toString()} padded={false}>
        {service.instances.length === 0 ? (
          <EmptyState icon={Server} title="No instance is registered" />
        ) : (
          <ServiceInstances service={service} />
        )}
      </Panel>
      {service.departed.length > 0 && (
        <Panel className="xl:col-span-3" title="Departed recently" padded={false}>
          <DepartedTable departed={service.departed} />
        </Panel>
      )}
      {service.unreadable.length > 0 && (
        <Panel className="xl:col-span-3" title="Unreadable entries" note="shown, never used for traffic">
          <ul className="flex flex-col gap-2">
            {service.unreadable.map((entry) => (
              <li key={entry.id} className="flex gap-2">
                <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" />
                <span>
                  <span className="font-mono text-sm">{entry.id}</span>{" "}
                  <span className="text-ink-2">{entry.problem}</span>
                </span>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </div>
  );
}

function RoutesTouching({ name }: { name: string }) {
  const routes = useQuery(useTRPC().routes.list.queryOptions()).data ?? [];
  const touching = routes.filter(
    ({ spec }) => spec.mirror?.service === name || spec.destinations.some(({ service }) => service === name),
  );
  return (
    <Panel title="Routes to it">
      {touching.length === 0 ? (
        <p className="text-ink-3">No route leads here.</p>
      ) : (
        <RouteLinks ids={touching.map((route) => route.id)} />
      )}
    </Panel>
  );
}
