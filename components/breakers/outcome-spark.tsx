import type { BreakerSecond } from "#domain/live.ts";
import { OUTCOME_SERIES, totalOf } from "./outcome-series.ts";

const SECONDS = 60;
const HEIGHT = 40;

function bars(history: readonly BreakerSecond[]) {
  const latest = history.at(-1)?.atMs ?? 0;
  const scale = HEIGHT / Math.max(1, ...history.map(totalOf));
  return history.flatMap((second) => {
    const x = SECONDS - 1 - Math.round((latest - second.atMs) / 1000);
    let top = HEIGHT;
    return OUTCOME_SERIES.flatMap(({ outcome, color }) => {
      const height = (second.counts[outcome] ?? 0) * scale;
      if (height === 0 || x < 0) return [];
      top -= height;
      return [{ key: `${x.toString()} ${outcome}`, x, y: top, height, color }];
    });
  });
}

/** Outcomes of the last minute, one bar a second; the line along the top edge marks seconds in which a backup served. */
export function OutcomeSpark({ history }: { history: readonly BreakerSecond[] }) {
  const latest = history.at(-1)?.atMs ?? 0;
  const served = history.filter((second) => second.fallbackServed > 0);
  return (
    <svg
      aria-hidden
      viewBox={`0 0 ${SECONDS.toString()} ${(HEIGHT + 4).toString()}`}
      preserveAspectRatio="none"
      className="h-11 w-full rounded-xs bg-sunken"
    >
      <g transform="translate(0 4)">
        {bars(history).map((bar) => (
          <rect key={bar.key} x={bar.x + 0.08} y={bar.y} width={0.84} height={bar.height} fill={bar.color} />
        ))}
      </g>
      {served.map((second) => (
        <rect
          key={second.atMs}
          x={SECONDS - 1 - Math.round((latest - second.atMs) / 1000)}
          y={0}
          width={1}
          height={2.5}
          fill="var(--series-fallback)"
        />
      ))}
    </svg>
  );
}
