import type { BreakerSecond } from "#domain/live.ts";
import { formatCount } from "../format/number.ts";
import { OUTCOME_SERIES, totalOf } from "./outcome-series.ts";

const SECONDS = 60;
const HEIGHT = 36;
/** Below the base line: what fallbacks answered. */
const SERVED = 10;

/** One path for each series, in tenths of a second: a rectangle for each second in which there was any of it. */
function paths(history: readonly BreakerSecond[]): { name: string; color: string; d: string }[] {
  const latest = history.at(-1)?.atMs ?? 0;
  const most = Math.max(1, ...history.map(totalOf));
  const scale = HEIGHT / most;
  const tops = history.map(() => HEIGHT);
  const place = (second: BreakerSecond): number => SECONDS - 1 - Math.round((latest - second.atMs) / 1000);
  const bar = (x: number, y: number, height: number): string =>
    `M${(x * 10 + 1).toString()} ${Math.round(y * 10).toString()}h8v${Math.ceil(height * 10).toString()}h-8z`;
  const stacked = OUTCOME_SERIES.map(({ outcome, name, color }) => ({
    name,
    color,
    d: history
      .map((second, at) => {
        const height = (second.counts[outcome] ?? 0) * scale;
        if (height === 0) return "";
        const top = (tops[at] ?? HEIGHT) - height;
        tops[at] = top;
        return bar(place(second), top, height);
      })
      .join(""),
  }));
  const served = history
    .map((second) =>
      second.fallbackServed === 0
        ? ""
        : bar(place(second), HEIGHT + 1.5, Math.max(1.5, Math.min(1, second.fallbackServed / most) * SERVED)),
    )
    .join("");
  return [...stacked, { name: "Served by a fallback", color: "var(--series-fallback)", d: served }].filter(
    ({ d }) => d !== "",
  );
}

/** `Last minute: 1,200 success, 30 timeout; 30 served by a fallback`. */
function inWords(history: readonly BreakerSecond[]): string {
  const sums = OUTCOME_SERIES.map(({ outcome, name }) => ({
    name: name.toLowerCase(),
    sum: history.reduce((total, second) => total + (second.counts[outcome] ?? 0), 0),
  })).filter(({ sum }) => sum > 0);
  if (sums.length === 0) return "No call in the last minute";
  const served = history.reduce((total, second) => total + second.fallbackServed, 0);
  const words = sums.map(({ name, sum }) => `${formatCount(sum)} ${name}`).join(", ");
  return `Last minute: ${words}${served === 0 ? "" : `; ${formatCount(served)} served by a fallback`}`;
}

/** Outcomes of the last minute, one bar a second, stacked; hanging below the base line, what fallbacks served. */
export function OutcomeSpark({ history }: { history: readonly BreakerSecond[] }) {
  const words = inWords(history);
  return (
    <svg
      role="img"
      aria-label={words}
      viewBox={`0 0 ${(SECONDS * 10).toString()} ${((HEIGHT + 2 + SERVED) * 10).toString()}`}
      preserveAspectRatio="none"
      className="h-12 w-full rounded-xs bg-sunken"
    >
      <title>{words}</title>
      <path
        d={`M0 ${(HEIGHT * 10 + 5).toString()}h${(SECONDS * 10).toString()}`}
        stroke="var(--line-strong)"
        strokeWidth={5}
      />
      {paths(history).map(({ name, color, d }) => (
        <path key={name} d={d} fill={color} />
      ))}
    </svg>
  );
}
