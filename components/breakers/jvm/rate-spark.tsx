import type { HystrixCommand } from "#domain/hystrix-command.ts";

const SECONDS = 60;
const HEIGHT = 40;

/** Calls offered in each second of the last minute, from zero; the part of them that failed is marked. */
export function RateSpark({ history }: Pick<HystrixCommand, "history">) {
  const latest = history.at(-1)?.atMs ?? 0;
  const scale = HEIGHT / Math.max(1, ...history.map(({ offeredPerSecond }) => offeredPerSecond));
  return (
    <svg
      aria-hidden
      viewBox={`0 0 ${SECONDS.toString()} ${HEIGHT.toString()}`}
      preserveAspectRatio="none"
      className="h-11 w-full rounded-xs bg-sunken"
    >
      {history.map(({ atMs, offeredPerSecond, errorPercent }) => {
        const x = SECONDS - 1 - Math.round((latest - atMs) / 1000) + 0.08;
        const height = offeredPerSecond * scale;
        const failed = (height * errorPercent) / 100;
        return (
          <g key={atMs}>
            <rect x={x} y={HEIGHT - height} width={0.84} height={height} fill="var(--series-success)" />
            <rect x={x} y={HEIGHT - failed} width={0.84} height={failed} fill="var(--series-failure)" />
          </g>
        );
      })}
    </svg>
  );
}
