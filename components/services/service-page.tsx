"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useMemo } from "react";
import type { LivePicture } from "#domain/live.ts";
import { serviceId } from "#domain/topology.ts";
import { useTRPC } from "../api/trpc.ts";
import { links } from "../links.ts";
import { useLive } from "../live/live-provider.tsx";
import { SignalsPanel } from "../signals/signals-panel.tsx";
import { HealthBadge } from "../topology/health-badge.tsx";
import { ButtonLink } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { Panel } from "../ui/panel.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { NeighbourMap } from "./neighbour-map.tsx";
import { neighboursOf } from "./neighbours-of.ts";
import { NeighboursTable } from "./neighbours-table.tsx";
import { ServiceBreakers } from "./service-breakers.tsx";
import { ServiceChanges } from "./service-changes.tsx";
import { ServiceFigures } from "./service-figures.tsx";
import { ServicePolicySection } from "./service-policy-section.tsx";
import { ServiceRegistry } from "./service-registry.tsx";
import { leadsTo, ServiceRoutes } from "./service-routes.tsx";

/** One service: how it does and did, who calls it and whom it calls, and everything that concerns it. It need not be there any more. */
export function ServicePage({ name }: { name: string }) {
  const { picture } = useLive();
  const node = picture?.topology.nodes.find((one) => one.id === serviceId(name)) ?? null;
  return (
    <>
      <PageHeader
        title={name}
        above={
          <Link href={links.services()} className="hover:underline">
            Services
          </Link>
        }
        note={
          node !== null && (
            <div className="live mt-1 flex flex-wrap items-center gap-2">
              <HealthBadge health={node.health} />
              {node.healthReason}
              {node.kind === "service" && (
                <Link
                  href={links.healthSettings(name)}
                  className="text-sm text-ink-3 underline underline-offset-2 hover:text-ink"
                >
                  Thresholds
                </Link>
              )}
            </div>
          )
        }
        actions={
          <>
            <ButtonLink href={links.topology(`service:${name}`)}>Show in the topology</ButtonLink>
            <ButtonLink href={links.breaker(`service:${name}`)}>Breaker policy</ButtonLink>
          </>
        }
      />
      {picture === null ? (
        <Panel padded={false}>
          <SkeletonRows />
        </Panel>
      ) : (
        <ServiceBody key={name} name={name} picture={picture} />
      )}
    </>
  );
}

function ServiceBody({ name, picture }: { name: string; picture: LivePicture }) {
  const service = picture.services.find((one) => one.name === name) ?? null;
  const node = picture.topology.nodes.find((one) => one.id === serviceId(name)) ?? null;
  const neighbours = neighboursOf(picture.topology, name);
  const routes = useQuery(useTRPC().routes.list.queryOptions()).data;
  const touching = useMemo(() => (routes ?? []).filter((route) => leadsTo(route, name)), [routes, name]);
  const concerns = useMemo(
    () => new Set([name, `services/${name}`, ...touching.map(({ id }) => `routes/${id}`)]),
    [name, touching],
  );
  return (
    <div className="flex flex-col gap-4">
      {service === null && (
        <Notice tone="info" role="note" title="Not in the registry now">
          No instance of “{name}” is registered in ZooKeeper. What is on record of it is shown below.
        </Notice>
      )}
      <ServiceFigures name={name} node={node} service={service} />
      <SignalsPanel service={name} concerns={concerns} />
      <div className="live grid gap-4 xl:grid-cols-2">
        <Panel title="Its place in the mesh" note="worst first; each arrow leads to the topology">
          <NeighbourMap service={name} health={node?.health ?? "idle"} neighbours={neighbours} />
        </Panel>
        <div className="flex min-w-0 flex-col gap-4">
          <ServiceBreakers breakers={picture.breakers.filter((breaker) => breaker.service === name)} />
          <ServiceRoutes routes={touching} service={name} />
        </div>
        <NeighboursTable id="callers" title="Who calls it" neighbours={neighbours.callers} empty="Nobody calls it" />
        <NeighboursTable id="called" title="Whom it calls" neighbours={neighbours.called} empty="It calls nobody" />
      </div>
      {service !== null && (
        <div className="live flex flex-col gap-4">
          <ServiceRegistry service={service} />
        </div>
      )}
      <ServicePolicySection service={name} />
      <ServiceChanges service={name} concerns={concerns} />
    </div>
  );
}
