/** Straight pieces of the ways of edges, by their left ends. */
interface Pieces {
  readonly edge: Int32Array;
  /** Left end and right end: x, y, x, y. */
  readonly ends: Float64Array;
}

/**
 * How often the drawn ways of different edges cross: points where the inner parts of two straight pieces meet. Knows nothing
 * of layers, so that it counts alike in any layout's drawing. Pieces that lie on each other, and ways that only touch, do not
 * count. O(pieces² / columns): for graphs of up to a few thousand edges.
 */
export function drawnCrossings(ways: readonly ArrayLike<number>[]): number {
  const { edge, ends } = piecesOf(ways);
  let crossings = 0;
  let active: number[] = [];
  for (let piece = 0; piece < edge.length; piece += 1) {
    const x = ends[piece * 4] ?? 0;
    let kept = 0;
    for (const other of active) {
      if ((ends[other * 4 + 2] ?? 0) <= x) continue;
      active[kept++] = other;
      if (edge[other] !== edge[piece] && cross(ends, other * 4, piece * 4)) crossings += 1;
    }
    active = active.slice(0, kept);
    active.push(piece);
  }
  return crossings;
}

/** Total length of the ways, px, and their bends. */
export function lengthAndBends(ways: readonly ArrayLike<number>[]): {
  readonly length: number;
  readonly bends: number;
} {
  let [length, bends] = [0, 0];
  for (const way of ways) {
    bends += Math.max(0, way.length / 2 - 2);
    for (let k = 0; k + 3 < way.length; k += 2) {
      length += Math.hypot((way[k + 2] ?? 0) - (way[k] ?? 0), (way[k + 3] ?? 0) - (way[k + 1] ?? 0));
    }
  }
  return { length, bends };
}

function piecesOf(ways: readonly ArrayLike<number>[]): Pieces {
  const pieces: { readonly edge: number; readonly ends: readonly [number, number, number, number] }[] = [];
  for (const [edge, way] of ways.entries()) {
    for (let k = 0; k + 3 < way.length; k += 2) {
      const [ax = 0, ay = 0, bx = 0, by = 0] = [way[k], way[k + 1], way[k + 2], way[k + 3]];
      pieces.push({ edge, ends: ax <= bx ? [ax, ay, bx, by] : [bx, by, ax, ay] });
    }
  }
  pieces.sort((a, b) => a.ends[0] - b.ends[0]);
  return {
    edge: Int32Array.from(pieces, (piece) => piece.edge),
    ends: Float64Array.from(pieces.flatMap((piece) => piece.ends)),
  };
}

function cross(ends: Float64Array, a: number, b: number): boolean {
  const ax = ends[a] ?? 0;
  const ay = ends[a + 1] ?? 0;
  const bx = ends[a + 2] ?? 0;
  const by = ends[a + 3] ?? 0;
  const cx = ends[b] ?? 0;
  const cy = ends[b + 1] ?? 0;
  const dx = ends[b + 2] ?? 0;
  const dy = ends[b + 3] ?? 0;
  if ((ay < cy && ay < dy && by < cy && by < dy) || (ay > cy && ay > dy && by > cy && by > dy)) return false;
  const c = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
  const d = (bx - ax) * (dy - ay) - (by - ay) * (dx - ax);
  if (c * d >= 0) return false;
  const e = (dx - cx) * (ay - cy) - (dy - cy) * (ax - cx);
  const f = (dx - cx) * (by - cy) - (dy - cy) * (bx - cx);
  return e * f < 0;
}
