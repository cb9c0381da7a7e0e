import type { EffectiveBreaker } from "#domain/effective-breaker.ts";
import type { Change } from "#domain/figure-difference.ts";
import type { Health } from "#domain/topology.ts";

/** How an element differs from an earlier moment that it is compared with; null: not compared, or no different. */
export type ElementChange = Change | null;

export type GraphNodeKind =
  | "outside"
  /** Known only because it calls. */
  | "caller"
  | "gateway"
  | "service"
  /** Instances of a service by label, when it is expanded. */
  | "subset"
  | "instance"
  /** Many services drawn as one: "+143 more". */
  | "group";

/** A box to be drawn. */
export interface GraphNode {
  /** That of the topology where it has one; `gateway:gateway-1`, `service:orders/version=2`, `service:orders//orders-a`, `group:payments`. */
  readonly id: string;
  readonly kind: GraphNodeKind;
  readonly label: string;
  /** Second line: `2 instances`, `9 services`. */
  readonly note: string;
  /** The expanded node that holds it; null for those at the top. */
  readonly parent: string | null;
  /** It holds others, which are drawn inside it. */
  readonly expanded: boolean;
  readonly requestsPerSecond: number;
  readonly errorRatio: number;
  readonly p95Ms: number | null;
  readonly health: Health;
  readonly breaker: EffectiveBreaker | null;
  readonly servingAsBackup: boolean;
  readonly change: ElementChange;
  /** One sentence that says all that the drawing does, for the tree grid, tooltips and screen readers. */
  readonly description: string;
}

/** An arrow to be drawn. */
export interface GraphEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly configuredOnly: boolean;
  readonly asFallback: boolean;
  readonly requestsPerSecond: number;
  readonly errorRatio: number;
  readonly p95Ms: number | null;
  readonly health: Health;
  readonly breaker: EffectiveBreaker | null;
  /** Lines of its label, as the person chose them; empty for none. */
  readonly label: readonly string[];
  readonly change: ElementChange;
  readonly description: string;
  /** Ids of the topology's edges it stands for. */
  readonly stands: readonly string[];
}

/** What is to be drawn, in a steady order. An element that did not change since the last picture is the same object. */
export interface GraphModel {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}
