import type { TimeSpan } from "./axis-window.ts";

export interface Tick {
  /** Unix epoch, ms. */
  readonly atMs: number;
  readonly label: string;
}

const SECOND_STEPS = [1, 2, 5, 10, 15, 30];
const HOUR_STEPS = [1, 3, 6, 12];
const DAY_STEPS = [1, 2, 7];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

type Unit = "s" | "min" | "h" | "d";
interface Step {
  readonly unit: Unit;
  readonly count: number;
  readonly ms: number;
}

const STEPS: readonly Step[] = [
  ...SECOND_STEPS.map((count) => ({ unit: "s", count, ms: count * 1000 }) as const),
  ...SECOND_STEPS.map((count) => ({ unit: "min", count, ms: count * 60_000 }) as const),
  ...HOUR_STEPS.map((count) => ({ unit: "h", count, ms: count * 3_600_000 }) as const),
  ...DAY_STEPS.map((count) => ({ unit: "d", count, ms: count * 86_400_000 }) as const),
];

/** Round local times within the span, at most so many; a day's first tick says the date instead. */
export function ticksOf({ fromMs, toMs }: TimeSpan, most: number): readonly Tick[] {
  const wanted = (toMs - fromMs) / Math.max(1, most);
  const step = STEPS.find(({ ms }) => ms >= wanted) ?? { unit: "d", count: 7, ms: 7 * 86_400_000 };
  const ticks: Tick[] = [];
  for (let at = floorTo(new Date(fromMs), step); at.getTime() <= toMs; at = next(at, step)) {
    if (at.getTime() >= fromMs) ticks.push({ atMs: at.getTime(), label: labelOf(at, step.unit) });
  }
  return ticks;
}

/** By the local clock, so that ticks stand at round hours on the days on which clocks are changed too. */
function floorTo(at: Date, { unit, count }: Step): Date {
  const down = (value: number): number => Math.floor(value / count) * count;
  const floor = new Date(at);
  if (unit === "s") floor.setSeconds(down(at.getSeconds()), 0);
  if (unit === "min") floor.setMinutes(down(at.getMinutes()), 0, 0);
  if (unit === "h") floor.setHours(down(at.getHours()), 0, 0, 0);
  if (unit === "d") floor.setHours(0, 0, 0, 0);
  return floor;
}

function next(at: Date, step: Step): Date {
  if (step.unit === "s" || step.unit === "min") return new Date(at.getTime() + step.ms);
  const later = new Date(at);
  if (step.unit === "h") later.setHours(at.getHours() + step.count);
  else later.setDate(at.getDate() + step.count);
  // In the hour that is left out when clocks are put forward, setting it may lead back to where it was.
  return later.getTime() > at.getTime() ? later : new Date(at.getTime() + step.ms);
}

function labelOf(at: Date, unit: Unit): string {
  const two = (value: number): string => value.toString().padStart(2, "0");
  const isMidnight = at.getHours() === 0 && at.getMinutes() === 0 && at.getSeconds() === 0;
  if (unit === "d" || isMidnight) return `${at.getDate().toString()} ${MONTHS[at.getMonth()] ?? ""}`;
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}`;
  return unit === "s" ? `${clock}:${two(at.getSeconds())}` : clock;
}

/** `UTC+02:00`, as it is at the moment, for saying once what all times on the axis are in. */
export function zoneInWords(atMs: number): string {
  const minutes = -new Date(atMs).getTimezoneOffset();
  if (minutes === 0) return "UTC";
  const two = (value: number): string => Math.floor(value).toString().padStart(2, "0");
  return `UTC${minutes < 0 ? "−" : "+"}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
}
