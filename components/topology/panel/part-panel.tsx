import type { NodePart, TopologyNode } from "#domain/topology.ts";
import { links } from "../../links.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { DetailSection } from "../detail-parts.tsx";
import { HealthBadge } from "../health-badge.tsx";
import { instanceId } from "../model/drawn-nodes.ts";
import { mergeFigures, partFigures } from "../model/figures.ts";
import { ActingNote } from "./acting-note.tsx";
import { DrainButton } from "./drain-button.tsx";
import { FiguresList } from "./figures-list.tsx";
import type { PanelProps } from "./panel-props.ts";
import { RecentTraffic } from "./recent-traffic.tsx";
import { ShareBars } from "./share-bars.tsx";

interface PartPanelProps extends PanelProps {
  readonly node: TopologyNode;
  readonly subset: string;
  /** Null: the subset as a whole. */
  readonly instance: string | null;
}

/** A subset of a service, or one instance. */
export function PartPanel({ node, subset, instance, atMs, picture }: PartPanelProps) {
  const parts = node.parts.filter(
    (part) => part.subset === subset && (instance === null || part.instance === instance),
  );
  const registered = picture.services
    .find(({ name }) => name === node.name)
    ?.instances.find(({ id }) => id === instance);
  const [first] = parts;
  const figures = mergeFigures(parts.map(partFigures));
  return (
    <>
      <div>
        <HealthBadge health={figures.health} />
        <p className="mt-1 text-ink-2">
          {instance === null ? "Subset" : "Instance"} of{" "}
          {instance !== null && subset !== "" ? `${subset} of ${node.name}` : node.name}
          {instance !== null && first !== undefined && first.healthReason !== "" && `. ${first.healthReason}`}
        </p>
      </div>
      {instance !== null && first?.serving === false && (
        <Notice tone="info">It is not registered as serving: no new requests go to it.</Notice>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <ButtonLink href={links.service(node.name)} size="sm">
          Open service
        </ButtonLink>
        {instance !== null && <DrainButton service={node.name} id={instance} />}
      </div>
      <ActingNote atMs={atMs} />
      <FiguresList figures={figures} merged={parts.length > 1} />
      <RecentTraffic
        of={{ service: node.name, direction: "in", by: instance === null ? "subset" : "instance" }}
        line={instance ?? subset}
        nodeId={null}
        atMs={atMs}
      />
      {instance === null && (
        <DetailSection title={`Instances (${parts.length.toString()})`}>
          <InstanceShares node={node} parts={parts} />
        </DetailSection>
      )}
      {registered !== undefined && (
        <DetailSection title="Registered as">
          <p className="font-mono text-sm break-all">
            {registered.address}:{registered.port}
          </p>
          <p className="text-sm break-words text-ink-2">
            {Object.entries(registered.metadata)
              .map(([key, value]) => `${key}=${value}`)
              .join(", ")}
          </p>
        </DetailSection>
      )}
    </>
  );
}

function InstanceShares({ node, parts }: { node: TopologyNode; parts: readonly NodePart[] }) {
  return (
    <ShareBars
      shares={parts.map((part) => ({
        ...part,
        key: instanceId(node.id, part.subset, part.instance),
        name: part.instance,
        note: part.serving ? "" : "not serving",
      }))}
      renderAction={(share) => <DrainButton service={node.name} id={share.name} />}
    />
  );
}
