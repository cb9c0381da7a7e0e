import { HEALTH_RANK } from "../health-style.ts";
import type { Figures } from "../model/figures.ts";
import type { TreeColumn } from "./tree-row.ts";

export interface TreeOrder {
  readonly column: TreeColumn;
  readonly descending: boolean;
}

interface Ordered {
  readonly element: string;
  readonly label: string;
  readonly figures: Figures;
}

const VALUES: Readonly<Record<Exclude<TreeColumn, "name">, (figures: Figures) => number>> = {
  health: ({ health }) => HEALTH_RANK[health],
  rate: ({ requestsPerSecond }) => requestsPerSecond,
  error: ({ errorRatio }) => errorRatio,
  p50: ({ p50Ms }) => p50Ms ?? -1,
  p95: ({ p95Ms }) => p95Ms ?? -1,
  p99: ({ p99Ms }) => p99Ms ?? -1,
  bytes: ({ bytesPerSecond }) => bytesPerSecond ?? -1,
};

const NAMES = new Intl.Collator("en", { numeric: true });

/**
 * Siblings in the order of a column; equal ones by name, so that a live list does not flicker. Elements are sorted by
 * their figures in `held` where it has them.
 */
export function inOrder<Item extends Ordered>(
  items: readonly Item[],
  { column, descending }: TreeOrder,
  held: ReadonlyMap<string, Figures>,
): Item[] {
  const sign = descending ? -1 : 1;
  if (column === "name") return items.toSorted((a, b) => sign * NAMES.compare(a.label, b.label));
  const value = (item: Item): number => VALUES[column](held.get(item.element) ?? item.figures);
  return items.toSorted((a, b) => sign * (value(a) - value(b)) || NAMES.compare(a.label, b.label));
}
