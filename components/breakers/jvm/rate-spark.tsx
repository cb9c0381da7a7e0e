import type { HystrixCommand } from "#domain/hystrix-command.ts";

const SECONDS = 60;
const HEIGHT = 40;

/** Calls offered in each second of the last minute, from zero: failed below, short-circuited on top. */
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
      {history.map(({ atMs, offeredPerSecond, refusedPerSecond, errorPercent }) => {
        const x = SECONDS - 1 - Math.round((latest - atMs) / 1000) + 0.08;
        const made = (offeredPerSecond - refusedPerSecond) * scale;
        const failed = (made * errorPercent) / 100;
        const refused = refusedPerSecond * scale;
        return (
          <g key={atMs}>
            <rect x={x} y={HEIGHT - made} width={0.84} height={made} fill="var(--series-success)" />
            <rect x={x} y={HEIGHT - failed} width={0.84} height={failed} fill="var(--series-failure)" />
            <rect x={x} y={HEIGHT - made - refused} width={0.84} height={refused} fill="var(--series-short)" />
          </g>
        );
      })}
    </svg>
  );
}
