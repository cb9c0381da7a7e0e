import { resolutionAt } from "./axis-window.ts";

/** How many seconds of the past a second of replay shows. */
export const REPLAY_SPEEDS = [1, 10, 60] as const;
export type ReplaySpeed = (typeof REPLAY_SPEEDS)[number];

/** So often at most is another moment shown, ms: each is read from the console. */
const SHORTEST_TICK_MS = 500;

export interface ReplayStep {
  /** How long the moment stays, ms. */
  readonly tickMs: number;
  /** How far the next one is, ms: whole spans of what is kept. */
  readonly stepMs: number;
}

/** The pace of a replay at a moment (Unix epoch, ms). */
export function replayStep(speed: ReplaySpeed, atMs: number, nowMs: number): ReplayStep {
  const resolution = resolutionAt(atMs, nowMs);
  const spans = Math.max(1, Math.round((SHORTEST_TICK_MS * speed) / resolution));
  const stepMs = spans * resolution;
  return { stepMs, tickMs: stepMs / speed };
}

/** This close to now there is nothing left to replay, ms: the newest seconds are not on record yet. */
const JOINS_MS = 3000;

/** The moment after `atMs`; null: it is now, and the replay joins the live mesh. */
export function nextMoment(atMs: number, stepMs: number, nowMs: number): number | null {
  const next = atMs + stepMs;
  return next >= nowMs - JOINS_MS ? null : next;
}
