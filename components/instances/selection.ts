/** What is ticked in a list, by key: it outlives every new picture of the list. */
export interface Selection {
  readonly keys: ReadonlySet<string>;
  /** The row ticked last: a range goes from there. */
  readonly anchor: string | null;
}

export const NOTHING_SELECTED: Selection = { keys: new Set(), anchor: null };

/**
 * Ticks a row, or unticks it; with `range` all rows from the one ticked last to it become what it becomes. `order` is what
 * the list shows, top down.
 */
export function withToggled(selection: Selection, key: string, order: readonly string[], range: boolean): Selection {
  const on = !selection.keys.has(key);
  const from = range && selection.anchor !== null ? order.indexOf(selection.anchor) : -1;
  const to = order.indexOf(key);
  const touched = from === -1 || to === -1 ? [key] : order.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { keys: withEach(selection.keys, touched, on), anchor: key };
}

/** Ticks all of these rows, or none of them. */
export function withAll(selection: Selection, keys: readonly string[], on: boolean): Selection {
  return { keys: withEach(selection.keys, keys, on), anchor: null };
}

function withEach(keys: ReadonlySet<string>, touched: readonly string[], on: boolean): ReadonlySet<string> {
  const next = new Set(keys);
  for (const key of touched) {
    if (on) next.add(key);
    else next.delete(key);
  }
  return next;
}
