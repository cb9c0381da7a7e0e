import type { TopologyEdge } from "#domain/topology.ts";
import { formatRatio } from "../../format/number.ts";
import { links } from "../../links.ts";
import { Badge } from "../../ui/badge.tsx";
import { ButtonLink } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { nameOfId } from "../describe.ts";
import { DetailSection, RouteLinks } from "../detail-parts.tsx";
import { HealthBadge } from "../health-badge.tsx";
import { figuresOf } from "../model/figures.ts";
import { ActingNote } from "./acting-note.tsx";
import { BreakerActs } from "./breaker-acts.tsx";
import { FiguresList } from "./figures-list.tsx";
import type { PanelProps } from "./panel-props.ts";
import { RecentChanges } from "./recent-changes.tsx";
import { RecentTraffic } from "./recent-traffic.tsx";
import { ShareBars } from "./share-bars.tsx";

/** Calls from one node to a service: figures, how they are shared out, routes and breakers they go by. */
export function EdgePanel({ edge, picture, topology, atMs, windowMs, onSelect }: PanelProps & { edge: TopologyEdge }) {
  const service = nameOfId(edge.to);
  const breakers = picture.breakers.filter(
    (breaker) => breaker.service === service && edge.routes.includes(breaker.routeId),
  );
  const sent = topology.edges
    .filter(({ from }) => from === edge.from)
    .reduce((sum, { requestsPerSecond }) => sum + requestsPerSecond, 0);
  const [route, ...others] = edge.routes;
  return (
    <>
      <div>
        <div className="flex flex-wrap items-center gap-2">
          <HealthBadge health={edge.health} />
          {edge.asFallback && <Badge tone="accent">Backup calls</Badge>}
        </div>
        {edge.healthReason !== "" && <p className="mt-1 text-ink-2">{edge.healthReason}</p>}
      </div>
      {edge.configuredOnly && (
        <Notice tone="info">
          {edge.routes.length === 0 && !edge.asFallback ? "The caller registered as one" : "Configured by a route"}; no
          call was made in the {(windowMs / 1000).toString()} s shown.
        </Notice>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <p className="text-ink-2">
          From <NodeLink id={edge.from} onSelect={onSelect} /> to <NodeLink id={edge.to} onSelect={onSelect} />
        </p>
        {route !== undefined && others.length === 0 && (
          <ButtonLink href={links.route(route)} size="sm" className="ml-auto">
            Edit route
          </ButtonLink>
        )}
      </div>
      <FiguresList figures={figuresOf(edge)} />
      {sent > 0 && !edge.configuredOnly && (
        <p className="text-ink-2">
          {formatRatio(edge.requestsPerSecond / sent)} of all calls by {nameOfId(edge.from)}
        </p>
      )}
      <RecentTraffic
        of={{ service, direction: "in", by: "caller" }}
        line={edge.from === "outside" ? "outside" : nameOfId(edge.from)}
        nodeId={null}
        atMs={atMs}
      />
      {edge.split.length > 0 && (
        <DetailSection title="Split by version and instance">
          <ShareBars
            shares={edge.split.map((share) => ({
              ...share,
              key: `${share.subset} ${share.instance}`,
              name: share.instance === "" ? "Refused before an instance was picked" : share.instance,
              note: share.subset,
            }))}
          />
        </DetailSection>
      )}
      {edge.gateways.length > 0 && (
        <DetailSection title="By gateway">
          <ShareBars
            shares={edge.gateways.map((share) => ({ ...share, key: share.gatewayId, name: share.gatewayId, note: "" }))}
          />
        </DetailSection>
      )}
      {edge.routes.length > 0 && (
        <DetailSection title="Routes">
          <RouteLinks ids={edge.routes} />
        </DetailSection>
      )}
      <ActingNote atMs={atMs} />
      <DetailSection title="Breaker">
        <BreakerActs breakers={breakers} />
      </DetailSection>
      {route !== undefined && <RecentChanges name={`routes/${route}`} />}
    </>
  );
}

/** Selects the node. */
function NodeLink({ id, onSelect }: { id: string; onSelect: (id: string) => void }) {
  return (
    <button
      type="button"
      className="break-words text-accent hover:underline"
      onClick={() => {
        onSelect(id);
      }}
    >
      {nameOfId(id)}
    </button>
  );
}
