import { NO_VALUE } from "../../format/number.ts";

export interface SmallPoint {
  /** Unix epoch, ms. */
  readonly atMs: number;
  /** Null: nothing is known of that span. */
  readonly value: number | null;
}

interface SmallChartProps {
  readonly label: string;
  readonly points: readonly SmallPoint[];
  readonly color: string;
  readonly format: (value: number) => string;
}

const WIDTH = 320;
const HEIGHT = 44;

/** One figure over the last minutes, with its latest and its greatest value in words. */
export function SmallChart({ label, points, color, format }: SmallChartProps) {
  const known = points.flatMap(({ value }) => value ?? []);
  const most = Math.max(0, ...known);
  const latest = points.at(-1)?.value ?? null;
  const words = `${label}: ${latest === null ? NO_VALUE : format(latest)}, at most ${known.length === 0 ? NO_VALUE : format(most)}`;
  return (
    <figure>
      <figcaption className="flex gap-2 text-sm">
        <span className="text-ink-3">{label}</span>
        <span className="ml-auto font-medium">{latest === null ? NO_VALUE : format(latest)}</span>
        <span className="text-ink-3">max {known.length === 0 ? NO_VALUE : format(most)}</span>
      </figcaption>
      <svg
        role="img"
        aria-label={words}
        viewBox={`0 0 ${WIDTH.toString()} ${HEIGHT.toString()}`}
        preserveAspectRatio="none"
        className="mt-0.5 h-11 w-full rounded-xs bg-sunken"
      >
        {pathsOf(points, most).map((path) => (
          <path
            key={path}
            d={path}
            fill="none"
            stroke={color}
            strokeWidth={1.5}
            strokeLinejoin="round"
            vectorEffect="non-scaling-stroke"
          />
        ))}
      </svg>
    </figure>
  );
}

/** A line for each stretch without a gap. */
function pathsOf(points: readonly SmallPoint[], most: number): string[] {
  const first = points[0]?.atMs ?? 0;
  const span = Math.max(1, (points.at(-1)?.atMs ?? 0) - first);
  const paths: string[] = [];
  let current = "";
  for (const { atMs, value } of points) {
    if (value === null) {
      if (current !== "") paths.push(current);
      current = "";
      continue;
    }
    const x = ((atMs - first) / span) * WIDTH;
    const y = HEIGHT - 3 - (most === 0 ? 0 : (value / most) * (HEIGHT - 8));
    current += `${current === "" ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`;
  }
  return current === "" ? paths : [...paths, current];
}
