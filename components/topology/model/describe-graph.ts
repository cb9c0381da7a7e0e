import { effectiveState as shownState, STATE_STYLES } from "../../breakers/breaker-state.ts";
import { formatErrors, formatLatency, formatRate } from "../../format/number.ts";
import { HEALTH_STYLES } from "../health-style.ts";
import type { Figures } from "./figures.ts";
import type { ElementChange } from "./graph-model.ts";

const CHANGES: Readonly<Record<NonNullable<ElementChange>, string>> = {
  added: "new since then",
  gone: "gone since then",
  worse: "worse than then",
  better: "better than then",
  more: "more traffic than then",
  less: "less traffic than then",
};

function figureWords(figures: Figures, merged: boolean): string[] {
  const { requestsPerSecond, p95Ms, breaker } = figures;
  return [
    `${formatRate(requestsPerSecond)} requests`,
    ...(requestsPerSecond > 0 ? [`${formatErrors(figures)} errors`] : []),
    ...(p95Ms === null ? [] : [`p95 ${merged ? "at most " : ""}${formatLatency(p95Ms)}`]),
    ...(breaker === null
      ? []
      : [`breaker ${STATE_STYLES[shownState(breaker.state, breaker.override)].word.toLowerCase()}`]),
  ];
}

interface DescribedNode {
  readonly label: string;
  readonly note: string;
  readonly figures: Figures;
  /** Its percentiles are of several taken together. */
  readonly merged: boolean;
  readonly servingAsBackup: boolean;
  readonly change: ElementChange;
}

/** All that a box shows, as one sentence. */
export function describeDrawnNode(node: DescribedNode): string {
  return [
    `${node.label}: ${HEALTH_STYLES[node.figures.health].word.toLowerCase()}`,
    ...(node.note === "" ? [] : [node.note]),
    ...figureWords(node.figures, node.merged),
    ...(node.servingAsBackup ? ["serving as backup"] : []),
    ...(node.change === null ? [] : [CHANGES[node.change]]),
  ].join(", ");
}

interface DescribedEdge {
  readonly from: string;
  readonly to: string;
  readonly asFallback: boolean;
  readonly configuredOnly: boolean;
  readonly figures: Figures;
  readonly merged: boolean;
  readonly change: ElementChange;
}

/** All that an arrow and its label show, as one sentence. */
export function describeDrawnEdge(edge: DescribedEdge): string {
  const calls = `${edge.asFallback ? "Backup calls" : "Calls"} from ${edge.from} to ${edge.to}`;
  const change = edge.change === null ? [] : [CHANGES[edge.change]];
  if (edge.configuredOnly) return [`${calls}: configured, no traffic`, ...change].join(", ");
  return [
    `${calls}: ${HEALTH_STYLES[edge.figures.health].word.toLowerCase()}`,
    ...figureWords(edge.figures, edge.merged),
    ...change,
  ].join(", ");
}
