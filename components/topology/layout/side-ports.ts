import type { Rect } from "./layout-types.ts";
import { PORT_GAP, PORT_MARGIN } from "./spacing.ts";

/** An edge that is to end on a side of a box, and the height of its other end. */
interface Wish {
  readonly edge: string;
  readonly box: Rect;
  readonly wanted: number;
}

/** Where edges end on the sides of boxes: those that keep their ways, and new ones beside them. */
export class SidePorts {
  readonly #used = new Map<string, number[]>();
  readonly #wishes = new Map<string, Wish[]>();

  /** An edge ends there already. */
  use(side: string, y: number): void {
    append(this.#used, side, y);
  }

  wish(side: string, wish: Wish): void {
    append(this.#wishes, side, wish);
  }

  /**
   * The height of each new end, by side and edge: in the order of their other ends, so that they do not cross, in free places
   * as near to these as there are.
   */
  places(): ReadonlyMap<string, number> {
    const places = new Map<string, number>();
    for (const [side, wishes] of this.#wishes) {
      const [first] = wishes;
      if (first === undefined) continue;
      const sorted = wishes.toSorted((a, b) => a.wanted - b.wanted);
      const heights = chooseHeights(first.box, sorted, this.#used.get(side) ?? []);
      for (const [which, { edge }] of sorted.entries()) places.set(portKey(side, edge), heights[which] ?? first.box.y);
    }
    return places;
  }
}

export const sideKey = (top: number, onRight: boolean): string => `${top.toString()}:${onRight ? "right" : "left"}`;

export const portKey = (side: string, edge: string): string => `${side}:${edge}`;

function chooseHeights(box: Rect, sorted: readonly Wish[], used: readonly number[]): readonly number[] {
  const margin = Math.min(PORT_MARGIN, box.height / 2);
  const [top, bottom] = [box.y + margin, box.y + box.height - margin];
  const wanted = sorted.map((wish) => Math.max(top, Math.min(bottom, wish.wanted)));
  const slots = freeSlots(top, bottom, used);
  // No room for all: they share the side evenly, used or not.
  if (slots.length < sorted.length) {
    return sorted.map((_, which) => top + ((bottom - top) * (which + 1)) / (sorted.length + 1));
  }
  // The run of slots whose middle is nearest to that of the wishes.
  const middle = mean(wanted);
  let best = slots.slice(0, sorted.length);
  for (let start = 1; start + sorted.length <= slots.length; start += 1) {
    const run = slots.slice(start, start + sorted.length);
    if (Math.abs(mean(run) - middle) < Math.abs(mean(best) - middle)) best = run;
  }
  return best;
}

/** Heights at the usual distance from each other around the middle of a side, but for those beside used ones. */
function freeSlots(top: number, bottom: number, used: readonly number[]): readonly number[] {
  const middle = (top + bottom) / 2;
  const reach = Math.floor((bottom - top) / PORT_GAP);
  const slots = Array.from({ length: 2 * reach + 1 }, (_, step) => middle + ((step - reach) * PORT_GAP) / 2);
  const free: number[] = [];
  for (const y of slots) {
    const near = (other: number): boolean => Math.abs(other - y) < PORT_GAP - 2;
    if (y - (free.at(-1) ?? Number.NEGATIVE_INFINITY) < PORT_GAP - 0.01 || used.some(near)) continue;
    free.push(y);
  }
  return free;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function append<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key) ?? [];
  list.push(value);
  lists.set(key, list);
}
