import type { LivePicture, LiveService } from "#domain/live.ts";
import type { TopologyNode } from "#domain/topology.ts";

/** A service with its node of the topology, where it has one. */
export interface ServiceRow {
  readonly service: LiveService;
  readonly node: TopologyNode | null;
  readonly serving: number;
  readonly versions: readonly string[];
}

/** One service of the picture as lists and pages show it. */
export function serviceRow(picture: LivePicture, service: LiveService): ServiceRow {
  const versions = service.instances.flatMap((instance) => instance.metadata["version"] ?? []);
  return {
    service,
    node: picture.topology.nodes.find((node) => node.kind === "service" && node.name === service.name) ?? null,
    serving: service.instances.filter((instance) => instance.serving).length,
    versions: [...new Set(versions)].toSorted((a, b) => a.localeCompare(b, "en", { numeric: true })),
  };
}
