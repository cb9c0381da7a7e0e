import type { Slot, SlotLink } from "./ordering.ts";

const PASSES = 8;

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Least distance between the centres of two slots, one above the other. */
function distance(a: Slot, b: Slot, gap: number): number {
  return (a.height + b.height) / 2 + gap;
}

/** Puts a column's slots as near to where they want to be as order and room allow. */
function settle(column: readonly Slot[], wanted: ReadonlyMap<string, number>, gap: number): Map<string, number> {
  const placed: number[] = [];
  for (const [at, slot] of column.entries()) {
    const want = wanted.get(slot.id) ?? 0;
    const above = column[at - 1];
    const least = above === undefined ? -Infinity : (placed[at - 1] ?? 0) + distance(above, slot, gap);
    placed.push(Math.max(want, least));
  }
  // Pushing only ever moves slots down; half of it is given back so that the column stays around its wishes.
  const shift = mean(column.map((slot, at) => (placed[at] ?? 0) - (wanted.get(slot.id) ?? 0))) ?? 0;
  return new Map(column.map((slot, at) => [slot.id, (placed[at] ?? 0) - shift]));
}

/**
 * Centre of every slot, top to bottom in the order given, near the slots it is linked with.
 * Slots in `fixedY` want to stay exactly there.
 */
export function placeRows(
  columns: readonly (readonly Slot[])[],
  links: readonly SlotLink[],
  gap: number,
  fixedY: ReadonlyMap<string, number>,
): Map<string, number> {
  const neighbours = new Map<string, string[]>();
  for (const { from, to } of links) {
    neighbours.set(from, [...(neighbours.get(from) ?? []), to]);
    neighbours.set(to, [...(neighbours.get(to) ?? []), from]);
  }
  let y = new Map<string, number>(fixedY);
  for (const column of columns) {
    const zero = new Map(column.map((slot) => [slot.id, fixedY.get(slot.id) ?? 0]));
    for (const [id, value] of settle(column, zero, gap)) if (!fixedY.has(id)) y.set(id, value);
  }
  for (let pass = 0; pass < PASSES; pass += 1) {
    const order = pass % 2 === 0 ? columns : columns.toReversed();
    for (const column of order) {
      const wanted = new Map(
        column.map((slot) => {
          const near = (neighbours.get(slot.id) ?? []).flatMap((id) => y.get(id) ?? []);
          return [slot.id, fixedY.get(slot.id) ?? mean(near) ?? y.get(slot.id) ?? 0];
        }),
      );
      y = new Map([...y, ...settle(column, wanted, gap)]);
    }
  }
  return y;
}
