import { leavesOf } from "./diff-values.ts";

/** The three places that should hold the same: the database, what was published there last, what stands there now. */
export const SIDES = ["database", "published", "found"] as const;
export type Side = (typeof SIDES)[number];
export type Sides = Readonly<Record<Side, unknown>>;

/** One member in all three. A side without it is undefined. */
export interface ThreeWayRow {
  /** Dotted, as in `destinations.0.weight`; empty for the values themselves. */
  readonly path: string;
  readonly values: Sides;
  /** Sides that hold something else than what was published last. */
  readonly changed: readonly Side[];
}

/**
 * Every member that any of the three has, in the order of what was published, then of what is only found or only saved.
 * What was published is what the other two are measured by: a difference there is an edit, or somebody else's hand.
 */
export function threeWay(sides: Sides): readonly ThreeWayRow[] {
  const leaves = {
    database: leavesOf(sides.database),
    published: leavesOf(sides.published),
    found: leavesOf(sides.found),
  };
  const paths = new Set([...leaves.published.keys(), ...leaves.found.keys(), ...leaves.database.keys()]);
  const told = (path: string): boolean =>
    [...paths].some((other) => other !== path && (path === "" || other.startsWith(`${path}.`)));
  const isEmpty = (value: unknown): boolean => value === undefined || /^(\[\]|\{\})$/.test(JSON.stringify(value));
  // Where one side's list is empty, the members that the others have in it say so already.
  const kept = [...paths].filter((path) => !(SIDES.every((side) => isEmpty(leaves[side].get(path))) && told(path)));
  return kept.map((path) => {
    const values = {
      database: leaves.database.get(path),
      published: leaves.published.get(path),
      found: leaves.found.get(path),
    };
    const base = JSON.stringify(values.published);
    return { path, values, changed: SIDES.filter((side) => JSON.stringify(values[side]) !== base) };
  });
}
