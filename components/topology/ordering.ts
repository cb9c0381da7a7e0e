/** Something that takes a place in a column: a node, or the bend of an edge that passes through. */
export interface Slot {
  readonly id: string;
  readonly column: number;
  readonly height: number;
}

/** Connection between slots of neighbouring columns. */
export interface SlotLink {
  readonly from: string;
  readonly to: string;
}

const SWEEPS = 12;

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function indexOf(columns: readonly (readonly Slot[])[]): Map<string, number> {
  return new Map(columns.flatMap((column) => column.map((slot, index) => [slot.id, index] as const)));
}

/** How many pairs of links cross between neighbouring columns. */
function countCrossings(columns: readonly (readonly Slot[])[], links: readonly SlotLink[]): number {
  const index = indexOf(columns);
  const columnOf = new Map(columns.flatMap((column, at) => column.map((slot) => [slot.id, at] as const)));
  const ends = links.map((link) => ({
    column: columnOf.get(link.from) ?? 0,
    from: index.get(link.from) ?? 0,
    to: index.get(link.to) ?? 0,
  }));
  let crossings = 0;
  for (const [at, a] of ends.entries()) {
    for (const b of ends.slice(at + 1)) {
      if (a.column === b.column && (a.from - b.from) * (a.to - b.to) < 0) crossings += 1;
    }
  }
  return crossings;
}

function sweep(columns: Slot[][], neighbours: ReadonlyMap<string, readonly string[]>, rightwards: boolean): Slot[][] {
  const next = columns.map((column) => [...column]);
  const order = rightwards ? next.keys() : [...next.keys()].reverse();
  for (const at of order) {
    const index = indexOf(next);
    const keyed = (next[at] ?? []).map((slot, position) => ({
      slot,
      key: mean((neighbours.get(slot.id) ?? []).map((id) => index.get(id) ?? 0)) ?? position,
    }));
    next[at] = keyed.toSorted((a, b) => a.key - b.key).map(({ slot }) => slot);
  }
  return next;
}

/** Orders fresh columns so that few links cross: barycentres, swept both ways; the best order met is kept. */
export function orderColumns(columns: readonly (readonly Slot[])[], links: readonly SlotLink[]): Slot[][] {
  const toLeft = new Map(
    [...Map.groupBy(links, (link) => link.to)].map(([id, group]) => [id, group.map((link) => link.from)]),
  );
  const toRight = new Map(
    [...Map.groupBy(links, (link) => link.from)].map(([id, group]) => [id, group.map((link) => link.to)]),
  );
  let best = columns.map((column) => [...column]);
  let fewest = countCrossings(best, links);
  let current = best;
  for (let round = 0; round < SWEEPS && fewest > 0; round += 1) {
    const rightwards = round % 2 === 0;
    current = sweep(current, rightwards ? toLeft : toRight, rightwards);
    const crossings = countCrossings(current, links);
    if (crossings < fewest) [best, fewest] = [current, crossings];
  }
  return best;
}

/**
 * Orders columns when most of the drawing is known already: what was drawn keeps its order (by `previousY`, its former
 * centre), what is new goes where its neighbours are.
 */
export function keepOrder(
  columns: readonly (readonly Slot[])[],
  links: readonly SlotLink[],
  previousY: ReadonlyMap<string, number>,
): Slot[][] {
  const y = new Map(previousY);
  const neighbours = new Map<string, string[]>();
  for (const { from, to } of links) {
    neighbours.set(from, [...(neighbours.get(from) ?? []), to]);
    neighbours.set(to, [...(neighbours.get(to) ?? []), from]);
  }
  return columns.map((column) => {
    for (const slot of column) {
      if (y.has(slot.id)) continue;
      const near = (neighbours.get(slot.id) ?? []).flatMap((id) => y.get(id) ?? []);
      y.set(slot.id, mean(near) ?? Number.MAX_SAFE_INTEGER);
    }
    return column.toSorted((a, b) => (y.get(a.id) ?? 0) - (y.get(b.id) ?? 0));
  });
}
