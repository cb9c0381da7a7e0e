import type { LivePicture } from "#domain/live.ts";

export interface TrendPoint {
  /** Unix epoch ms, the console's clock. */
  readonly atMs: number;
  readonly requestsPerSecond: number;
  readonly errorPercent: number;
}

/** Points by node id (`service:orders`), oldest first. */
export type Trends = ReadonlyMap<string, readonly TrendPoint[]>;

export const EMPTY_TRENDS: Trends = new Map();

/** Points kept per node: five minutes at one a second. */
export const TREND_POINTS = 300;

/** Adds the picture's traffic. A node that is gone from the picture is forgotten; a repeated picture adds nothing. */
export function extendTrends(trends: Trends, picture: LivePicture): Trends {
  return new Map(
    picture.topology.nodes.map((node) => {
      const known = trends.get(node.id) ?? [];
      const last = known.at(-1);
      if (last !== undefined && last.atMs >= picture.atMs) return [node.id, known];
      const point = {
        atMs: picture.atMs,
        requestsPerSecond: node.requestsPerSecond,
        errorPercent: node.errorRatio * 100,
      };
      return [node.id, [...known.slice(1 - TREND_POINTS), point]];
    }),
  );
}
