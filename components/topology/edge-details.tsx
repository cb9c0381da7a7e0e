import type { LivePicture } from "#domain/live.ts";
import type { EdgeShare, TopologyEdge } from "#domain/topology.ts";
import { formatLatency, formatRate, formatRatio } from "../format/number.ts";
import { Badge } from "../ui/badge.tsx";
import { Notice } from "../ui/notice.tsx";
import { Stat } from "../ui/stat.tsx";
import { nameOfId } from "./describe.ts";
import { BreakerLines, DetailSection, RouteLinks } from "./detail-parts.tsx";
import { HealthBadge } from "./health-badge.tsx";

/** How the calls are shared out among subsets and instances. */
function Split({ split, total }: { split: readonly EdgeShare[]; total: number }) {
  return (
    <ul className="flex flex-col gap-2">
      {split.map((share) => {
        const part = total === 0 ? 0 : share.requestsPerSecond / total;
        return (
          <li key={`${share.subset} ${share.instance}`}>
            <div className="flex gap-2">
              <span className="min-w-0 truncate">
                {share.instance === "" ? "Refused before an instance was picked" : share.instance}
                {share.subset !== "" && <span className="text-ink-3"> · {share.subset}</span>}
              </span>
              <span className="ml-auto whitespace-nowrap">
                {formatRate(share.requestsPerSecond)} <span className="text-ink-3">({formatRatio(part)})</span>
              </span>
            </div>
            <div className="mt-0.5 h-1 rounded-full bg-sunken" aria-hidden>
              <div className="h-1 rounded-full bg-accent" style={{ width: `${(part * 100).toFixed(1)}%` }} />
            </div>
            {share.errorRatio > 0 && <div className="text-sm text-bad">{formatRatio(share.errorRatio)} errors</div>}
          </li>
        );
      })}
    </ul>
  );
}

interface EdgeDetailsProps {
  readonly picture: LivePicture;
  readonly edge: TopologyEdge;
  readonly onSelect: (id: string) => void;
}

/** Traffic of one arrow: figures, split, routes it goes through, the breaker that guards it. */
export function EdgeDetails({ picture, edge, onSelect }: EdgeDetailsProps) {
  const service = nameOfId(edge.to);
  const breakers = picture.breakers.filter(
    (breaker) => breaker.service === service && edge.routes.includes(breaker.routeId),
  );
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <HealthBadge health={edge.health} />
        {edge.asFallback && <Badge tone="accent">Backup calls</Badge>}
      </div>
      {edge.configuredOnly && (
        <Notice tone="info">
          {edge.routes.length === 0 && !edge.asFallback ? "The caller registered as one" : "Configured by a route"}; no
          call was made in the last {(picture.windowMs / 1000).toString()} s.
        </Notice>
      )}
      <dl className="grid grid-cols-3 gap-3">
        <Stat label="Requests">{formatRate(edge.requestsPerSecond)}</Stat>
        <Stat label="Errors">{formatRatio(edge.errorRatio)}</Stat>
        <Stat label="Window">{(picture.windowMs / 1000).toString()} s</Stat>
        <Stat label="p50">{formatLatency(edge.p50Ms)}</Stat>
        <Stat label="p95">{formatLatency(edge.p95Ms)}</Stat>
        <Stat label="p99">{formatLatency(edge.p99Ms)}</Stat>
      </dl>
      {edge.split.length > 0 && (
        <DetailSection title="Split by instance">
          <Split split={edge.split} total={edge.requestsPerSecond} />
        </DetailSection>
      )}
      {edge.routes.length > 0 && (
        <DetailSection title="Routes">
          <RouteLinks ids={edge.routes} />
        </DetailSection>
      )}
      <DetailSection title="Breaker">
        {breakers.length > 0 ? (
          <BreakerLines breakers={breakers} />
        ) : (
          <p className="text-ink-3">None has been used yet.</p>
        )}
      </DetailSection>
      <div className="flex gap-3 border-t border-line pt-3">
        {[edge.from, edge.to].map((id) => (
          <button
            key={id}
            type="button"
            className="text-accent hover:underline"
            onClick={() => {
              onSelect(id);
            }}
          >
            {nameOfId(id)}
          </button>
        ))}
      </div>
    </>
  );
}
