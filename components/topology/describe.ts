import type { TopologyEdge, TopologyNode } from "#domain/topology.ts";
import { effectiveState, STATE_STYLES } from "../breakers/breaker-state.ts";
import { formatLatency, formatRate, formatRatio } from "../format/number.ts";
import { HEALTH_STYLES } from "./health-style.ts";

/** Name of a node as people know it. */
export function nodeName(node: Pick<TopologyNode, "kind" | "name">): string {
  return node.kind === "outside" ? "Outside" : node.name;
}

/** Name of the node an id stands for, when only the id is at hand. */
export function nameOfId(id: string): string {
  return id === "outside" ? "Outside" : id.replace(/^service:/, "");
}

/** Cuts a name that would not fit its box. */
export function shorten(name: string, length: number): string {
  return name.length <= length ? name : `${name.slice(0, length - 1)}…`;
}

function breakerWords(breaker: TopologyNode["breaker"]): string[] {
  if (breaker === null) return [];
  return [`breaker ${STATE_STYLES[effectiveState(breaker.state, breaker.override)].word.toLowerCase()}`];
}

/** `3 instances`, `1 instance`, `no instances`; empty when the registry does not hold the node. */
export function instancesInWords(instances: number | null): string {
  if (instances === null) return "";
  if (instances === 0) return "no instances";
  return instances === 1 ? "1 instance" : `${instances.toString()} instances`;
}

/** Everything a node's card shows, as one sentence. */
export function describeNode(node: TopologyNode): string {
  return [
    `${nodeName(node)}: ${HEALTH_STYLES[node.health].word.toLowerCase()}`,
    `${formatRate(node.requestsPerSecond)} requests`,
    `${formatRatio(node.errorRatio)} errors`,
    `p95 ${formatLatency(node.p95Ms)}`,
    ...(node.instances === null ? [] : [instancesInWords(node.instances)]),
    ...breakerWords(node.breaker),
    ...(node.servingAsBackup ? ["serving as backup"] : []),
  ].join(", ");
}

/** Everything an arrow and its label show, as one sentence. */
export function describeEdge(edge: TopologyEdge): string {
  const calls = `${edge.asFallback ? "Backup calls" : "Calls"} from ${nameOfId(edge.from)} to ${nameOfId(edge.to)}`;
  if (edge.configuredOnly) return `${calls}: configured, no traffic`;
  return [
    `${calls}: ${formatRate(edge.requestsPerSecond)}`,
    `${formatRatio(edge.errorRatio)} errors`,
    `p95 ${formatLatency(edge.p95Ms)}`,
    ...breakerWords(edge.breaker),
  ].join(", ");
}
