import type { LivePicture, LiveService } from "#domain/live.ts";
import { serviceId, type TopologyNode } from "#domain/topology.ts";

/** A service with its node of the topology, where it has one. */
export interface ServiceRow {
  readonly service: LiveService;
  readonly node: TopologyNode | null;
  readonly serving: number;
  readonly versions: readonly string[];
}

/** One service of the picture as lists and pages show it. */
export function serviceRow(picture: LivePicture, service: LiveService): ServiceRow {
  return rowOf(service, picture.topology.nodes.find(({ id }) => id === serviceId(service.name)) ?? null);
}

/** Services and nodes of the live picture are the same objects for as long as nothing of them changes; so are rows. */
const made = new WeakMap<LiveService, ServiceRow>();

/** All services of the picture. What is as in the picture before is the same row. */
export function serviceRows({ topology, services }: Pick<LivePicture, "topology" | "services">): ServiceRow[] {
  const nodes = new Map(topology.nodes.map((node) => [node.id, node]));
  return services.map((service) => {
    const node = nodes.get(serviceId(service.name)) ?? null;
    const known = made.get(service);
    if (known !== undefined && known.node === node) return known;
    const row = rowOf(service, node);
    made.set(service, row);
    return row;
  });
}

function rowOf(service: LiveService, node: TopologyNode | null): ServiceRow {
  const versions = service.instances.flatMap((instance) => instance.metadata["version"] ?? []);
  return {
    service,
    node,
    serving: service.instances.filter((instance) => instance.serving).length,
    versions: [...new Set(versions)].toSorted((a, b) => a.localeCompare(b, "en", { numeric: true })),
  };
}
