const WIDTH = 240;
const HEIGHT = 40;

interface SparklineProps {
  readonly points: readonly { readonly atMs: number; readonly value: number }[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly color: string;
  /** Of the highest the line can be drawn at least, so that a tenth of a percent is no mountain. */
  readonly leastTop: number;
  readonly label: string;
}

/** A figure over time without axes. Where nothing is on record there is no line. */
export function Sparkline({ points, fromMs, toMs, color, leastTop, label }: SparklineProps) {
  const top = Math.max(leastTop, ...points.map(({ value }) => value));
  const x = (atMs: number): number => ((atMs - fromMs) / (toMs - fromMs)) * WIDTH;
  const y = (value: number): number => HEIGHT - 1 - (value / top) * (HEIGHT - 3);
  const runs = runsOf(points.filter(({ atMs }) => atMs >= fromMs));
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${WIDTH.toString()} ${HEIGHT.toString()}`}
      preserveAspectRatio="none"
      className="h-10 w-full"
    >
      <line x1={0} x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} stroke="var(--line)" />
      {runs.map((run) => {
        const line = run.map(({ atMs, value }) => `${x(atMs).toFixed(1)} ${y(value).toFixed(1)}`).join("L");
        const first = run[0]?.atMs ?? 0;
        const last = run.at(-1)?.atMs ?? 0;
        return (
          <g key={first}>
            <path
              d={`M${x(first).toFixed(1)} ${HEIGHT.toString()}L${line}L${x(last).toFixed(1)} ${HEIGHT.toString()}Z`}
              fill={color}
              opacity={0.12}
            />
            <path
              d={`M${line}`}
              fill="none"
              stroke={color}
              strokeWidth={1.5}
              vectorEffect="non-scaling-stroke"
              strokeLinecap="round"
            />
          </g>
        );
      })}
    </svg>
  );
}

type Point = SparklineProps["points"][number];

/** Parts without a gap: a point that is more than one and a half of the usual step after the last begins another. */
function runsOf(points: readonly Point[]): Point[][] {
  const steps = points.slice(1).map(({ atMs }, at) => atMs - (points[at]?.atMs ?? 0));
  const usual = Math.min(...steps);
  const runs: Point[][] = [];
  for (const [at, point] of points.entries()) {
    const run = runs.at(-1);
    if (run === undefined || (steps[at - 1] ?? 0) > usual * 1.5) runs.push([point]);
    else run.push(point);
  }
  return runs;
}
