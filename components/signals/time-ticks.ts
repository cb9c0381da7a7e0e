import type { TimeSpan } from "./signal-range.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const STEPS = [
  1000,
  5000,
  10_000,
  30_000,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  24 * HOUR,
  48 * HOUR,
];

/** Round moments of local time within a span, at most `most` of them, Unix epoch, ms. */
export function timeTicks({ fromMs, toMs }: TimeSpan, most: number): readonly number[] {
  const step = STEPS.find((one) => (toMs - fromMs) / one <= most) ?? 7 * 24 * HOUR;
  const offset = new Date(fromMs).getTimezoneOffset() * MINUTE;
  const first = Math.ceil((fromMs - offset) / step) * step + offset;
  const ticks: number[] = [];
  for (let at = first; at <= toMs; at += step) ticks.push(at);
  return ticks;
}

function two(value: number): string {
  return value.toString().padStart(2, "0");
}

/** A moment on the axis: with seconds where the span is short, with the day where it is long. */
export function tickWords(atMs: number, { fromMs, toMs }: TimeSpan): string {
  const at = new Date(atMs);
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}`;
  if (toMs - fromMs < 5 * MINUTE) return `${clock}:${two(at.getSeconds())}`;
  if (toMs - fromMs <= 25 * HOUR) return clock;
  const day = `${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return clock === "00:00" ? day : `${day} ${clock}`;
}
