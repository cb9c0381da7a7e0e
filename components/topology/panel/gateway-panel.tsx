import type { TopologyEdge } from "#domain/topology.ts";
import { formatErrors, formatRate } from "../../format/number.ts";
import { formatSpan } from "../../format/time.ts";
import { links } from "../../links.ts";
import { ServerWords } from "../../live/server-words.tsx";
import { ButtonLink } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { nameOfId } from "../describe.ts";
import { DetailSection } from "../detail-parts.tsx";
import { FiguresList } from "./figures-list.tsx";
import { mergeFigures, partFigures } from "../model/figures.ts";
import type { PanelProps } from "./panel-props.ts";
import { ShareBars } from "./share-bars.tsx";

interface GatewayPanelProps extends PanelProps {
  readonly gatewayId: string;
  readonly edges: readonly TopologyEdge[];
}

/** A gateway: what it carries, and how long ago it told so. */
export function GatewayPanel({ gatewayId, edges, picture }: GatewayPanelProps) {
  const status = picture.gateways.find(({ id }) => id === gatewayId);
  const shares = edges.flatMap((edge) =>
    edge.gateways
      .filter((share) => share.gatewayId === gatewayId)
      .map((share) => ({
        ...share,
        key: edge.id,
        name: `${nameOfId(edge.from)} → ${nameOfId(edge.to)}`,
        note: "",
        health: edge.health,
        fromOutside: edge.from === "outside",
      })),
  );
  const all = mergeFigures(shares.map(partFigures));
  return (
    <>
      {status === undefined || status.registration === null ? (
        <Notice tone="warn">It is not in the registry now.</Notice>
      ) : (
        <p className="text-ink-2">
          <ServerWords words={(nowMs) => `Last told ${formatSpan(nowMs - status.lastWindowAtMs)} ago.`} />
          {status.lostWindows + status.dropped > 0 &&
            ` ${status.lostWindows.toString()} windows and ${status.dropped.toString()} observations lost.`}
        </p>
      )}
      <ButtonLink href={links.gateways()} size="sm" className="self-start">
        Open gateways
      </ButtonLink>
      <div>
        <FiguresList figures={mergeFigures(shares.filter(({ fromOutside }) => fromOutside).map(partFigures))} merged />
        <p className="mt-2 text-sm text-ink-3">
          Calls from outside, as drawn. With those between services it carries {formatRate(all.requestsPerSecond)}, of
          which {formatErrors(all)} fail.
        </p>
      </div>
      <DetailSection title="What it carries">
        <ShareBars shares={shares.toSorted((a, b) => b.requestsPerSecond - a.requestsPerSecond)} />
      </DetailSection>
    </>
  );
}
