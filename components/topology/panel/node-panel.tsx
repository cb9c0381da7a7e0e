import type { TopologyNode } from "#domain/topology.ts";
import { links } from "../../links.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { DetailSection, RouteLinks } from "../detail-parts.tsx";
import { HealthBadge } from "../health-badge.tsx";
import { instanceId } from "../model/drawn-nodes.ts";
import { figuresOf } from "../model/figures.ts";
import { ActingNote } from "./acting-note.tsx";
import { BreakerActs } from "./breaker-acts.tsx";
import { CallList } from "./call-list.tsx";
import { DrainButton } from "./drain-button.tsx";
import { FiguresList } from "./figures-list.tsx";
import type { PanelProps } from "./panel-props.ts";
import { RecentChanges } from "./recent-changes.tsx";
import { RecentTraffic } from "./recent-traffic.tsx";
import { ShareBars } from "./share-bars.tsx";

/** A service, a caller or outside: health and why, figures, calls, instances, routes, breakers, changes. */
export function NodePanel({ node, ...props }: PanelProps & { node: TopologyNode }) {
  const { picture, topology, atMs, onSelect, onExpand, expanded } = props;
  const incoming = topology.edges.filter((edge) => edge.to === node.id);
  const outgoing = topology.edges.filter((edge) => edge.from === node.id);
  const isService = node.kind === "service";
  const breakers = isService ? picture.breakers.filter((breaker) => breaker.service === node.name) : [];
  const routes = [...new Set(incoming.flatMap((edge) => edge.routes))].toSorted();
  return (
    <>
      <div>
        <div className="flex flex-wrap items-center gap-2">
          <HealthBadge health={node.health} />
          {node.servingAsBackup && <Badge tone="accent">Serving as backup</Badge>}
        </div>
        {node.healthReason !== "" && <p className="mt-1 text-ink-2">{node.healthReason}</p>}
      </div>
      <div className="flex flex-wrap gap-2">
        {isService && (
          <ButtonLink href={links.service(node.name)} size="sm">
            Open service
          </ButtonLink>
        )}
        {node.parts.length > 0 && (
          <Button
            size="sm"
            onClick={() => {
              onExpand(node.id);
            }}
          >
            {expanded.has(node.id) ? "Close in the graph" : "Show versions in the graph"}
          </Button>
        )}
      </div>
      <FiguresList figures={figuresOf(node)} />
      {isService && (
        <RecentTraffic
          of={{ service: node.name, direction: "in", by: "total" }}
          line={null}
          nodeId={node.id}
          atMs={atMs}
        />
      )}
      {incoming.length > 0 && (
        <DetailSection title={`Called by (${incoming.length.toString()})`}>
          <CallList edges={incoming} end="from" onSelect={onSelect} />
        </DetailSection>
      )}
      {outgoing.length > 0 && (
        <DetailSection title={`Calls (${outgoing.length.toString()})`}>
          <CallList edges={outgoing} end="to" onSelect={onSelect} />
        </DetailSection>
      )}
      {isService && <ActingNote atMs={atMs} />}
      {node.parts.length > 0 && (
        <DetailSection title={`Instances (${node.parts.length.toString()})`}>
          <ShareBars
            shares={node.parts.map((part) => ({
              ...part,
              key: instanceId(node.id, part.subset, part.instance),
              name: part.instance,
              note: [part.subset, ...(part.serving ? [] : ["not serving"])].filter((word) => word !== "").join(", "),
            }))}
            renderAction={(share) => <DrainButton service={node.name} id={share.name} />}
          />
        </DetailSection>
      )}
      {isService && (
        <DetailSection title="Breakers">
          <BreakerActs breakers={breakers} />
        </DetailSection>
      )}
      {routes.length > 0 && (
        <DetailSection title="Routes to it">
          <RouteLinks ids={routes} />
        </DetailSection>
      )}
      {node.kind !== "outside" && <RecentChanges name={node.name} />}
    </>
  );
}
