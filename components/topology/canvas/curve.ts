/** Stretches of a curve that replace one that slants. */
const STEPS = 9;
/** A stretch that crosses less than this from side to side is a turn, not a gap between columns. */
const LEAST_ACROSS = 14;
/** How far a curve stays level at its ends, so that arrow heads lie straight: px, and as a share of its stretch. */
const LEAD = 9;
const LEAD_SHARE = 0.12;
/** Px up or down that still count as level. */
const LEVEL = 1.5;

function isSmooth(way: Float32Array): boolean {
  let direction = 0;
  for (let i = 2; i + 1 < way.length; i += 2) {
    const across = (way[i] ?? 0) - (way[i - 2] ?? 0);
    const down = (way[i + 1] ?? 0) - (way[i - 1] ?? 0);
    if (Math.abs(across) < LEAST_ACROSS && Math.abs(down) > LEVEL) return false;
    if (across !== 0 && direction !== 0 && Math.sign(across) !== direction) return false;
    if (across !== 0) direction = Math.sign(across);
  }
  return true;
}

/**
 * The way as a line that leaves and meets boxes level: slanted stretches become curves, in short stretches that stay
 * within the corners of those they replace, so that none touches a box that the way went around, and two that did not
 * cross do not cross now. A way with upright stretches, or one that turns back, is returned as it is.
 */
export function curved(way: Float32Array): Float32Array {
  if (way.length < 4 || !isSmooth(way)) return way;
  const points: number[] = [way[0] ?? 0, way[1] ?? 0];
  for (let i = 2; i + 1 < way.length; i += 2) {
    const [x, y] = [way[i - 2] ?? 0, way[i - 1] ?? 0];
    const [endX, endY] = [way[i] ?? 0, way[i + 1] ?? 0];
    if (Math.abs(endY - y) > LEVEL) {
      const lead = Math.sign(endX - x) * Math.min(LEAD, Math.abs(endX - x) * LEAD_SHARE);
      for (let step = 0; step <= STEPS; step += 1) {
        const t = step / STEPS;
        points.push(x + lead + (endX - x - 2 * lead) * t, y + (endY - y) * t * t * (3 - 2 * t));
      }
    }
    points.push(endX, endY);
  }
  return Float32Array.from(points);
}
