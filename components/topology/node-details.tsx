import type { LivePicture } from "#domain/live.ts";
import type { TopologyEdge, TopologyNode } from "#domain/topology.ts";
import { formatLatency, formatRate, formatRatio } from "../format/number.ts";
import { links } from "../links.ts";
import { Badge } from "../ui/badge.tsx";
import { ButtonLink } from "../ui/button.tsx";
import { Stat } from "../ui/stat.tsx";
import { nameOfId } from "./describe.ts";
import { BreakerLines, DetailSection, RouteLinks } from "./detail-parts.tsx";
import { HealthBadge } from "./health-badge.tsx";

interface CallListProps {
  readonly edges: readonly TopologyEdge[];
  readonly end: "from" | "to";
  readonly onSelect: (id: string) => void;
}

function CallList({ edges, end, onSelect }: CallListProps) {
  return (
    <ul className="flex flex-col gap-1">
      {edges.map((edge) => (
        <li key={edge.id} className="flex items-center gap-2">
          <button
            type="button"
            className="min-w-0 truncate text-accent hover:underline"
            onClick={() => {
              onSelect(edge.id);
            }}
          >
            {nameOfId(edge[end])}
          </button>
          {edge.asFallback && <Badge tone="accent">backup</Badge>}
          <span className="ml-auto whitespace-nowrap text-ink-2">
            {edge.configuredOnly
              ? "no traffic"
              : `${formatRate(edge.requestsPerSecond)} · ${formatRatio(edge.errorRatio)} · ${formatLatency(edge.p95Ms)}`}
          </span>
        </li>
      ))}
    </ul>
  );
}

interface NodeDetailsProps {
  readonly picture: LivePicture;
  readonly node: TopologyNode;
  readonly onSelect: (id: string) => void;
}

/** One node: its health and why, figures, who calls it, whom it calls, instances, routes, breakers. */
export function NodeDetails({ picture, node, onSelect }: NodeDetailsProps) {
  const incoming = picture.topology.edges.filter((edge) => edge.to === node.id);
  const outgoing = picture.topology.edges.filter((edge) => edge.from === node.id);
  const breakers = node.kind === "service" ? picture.breakers.filter((breaker) => breaker.service === node.name) : [];
  const service = picture.services.find((candidate) => candidate.name === node.name);
  const routes = [...new Set(incoming.flatMap((edge) => edge.routes))].toSorted();
  return (
    <>
      <div>
        <HealthBadge health={node.health} />
        {node.healthReason !== "" && <p className="mt-1 text-ink-2">{node.healthReason}</p>}
      </div>
      <dl className="grid grid-cols-3 gap-3">
        <Stat label="Requests">{formatRate(node.requestsPerSecond)}</Stat>
        <Stat label="Errors">{formatRatio(node.errorRatio)}</Stat>
        <Stat label="p95">{formatLatency(node.p95Ms)}</Stat>
      </dl>
      {incoming.length > 0 && (
        <DetailSection title="Called by">
          <CallList edges={incoming} end="from" onSelect={onSelect} />
        </DetailSection>
      )}
      {outgoing.length > 0 && (
        <DetailSection title="Calls">
          <CallList edges={outgoing} end="to" onSelect={onSelect} />
        </DetailSection>
      )}
      {service !== undefined && (
        <DetailSection title={`Instances (${service.instances.length.toString()})`}>
          <ul className="flex flex-col gap-1">
            {service.instances.map((instance) => (
              <li key={instance.id} className="flex gap-2">
                <span className="min-w-0 truncate font-mono text-sm">
                  {instance.address}:{instance.port}
                </span>
                <span className="ml-auto text-ink-3">
                  {instance.metadata["version"] !== undefined && `version ${instance.metadata["version"]}`}
                </span>
              </li>
            ))}
          </ul>
        </DetailSection>
      )}
      {breakers.length > 0 && (
        <DetailSection title="Breakers">
          <BreakerLines breakers={breakers} />
        </DetailSection>
      )}
      {routes.length > 0 && (
        <DetailSection title="Routes">
          <RouteLinks ids={routes} />
        </DetailSection>
      )}
      {node.kind === "service" && (
        <div className="border-t border-line pt-3">
          <ButtonLink href={links.service(node.name)} size="sm">
            Open service
          </ButtonLink>
        </div>
      )}
    </>
  );
}
