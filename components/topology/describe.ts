import type { TopologyNode } from "#domain/topology.ts";

/** Name of a node as people know it. */
export function nodeName(node: Pick<TopologyNode, "kind" | "name">): string {
  return node.kind === "outside" ? "Outside" : node.name;
}

/** Name of the node an id stands for, when only the id is at hand. */
export function nameOfId(id: string): string {
  return id === "outside" ? "Outside" : id.replace(/^service:/, "");
}

/** `3 instances`, `1 instance`, `no instances`; empty when the registry does not hold the node. */
export function instancesInWords(instances: number | null): string {
  if (instances === null) return "";
  if (instances === 0) return "no instances";
  return instances === 1 ? "1 instance" : `${instances.toString()} instances`;
}
