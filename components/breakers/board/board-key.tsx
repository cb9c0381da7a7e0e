import { formatCount } from "../../format/number.ts";
import { OUTCOME_SERIES } from "../outcome-series.ts";

/** What the drawings of the tiles mean. */
export function BoardKey({ full }: { full: number }) {
  const colors = [
    ...OUTCOME_SERIES.map(({ name, color }) => ({ name, color })),
    { name: "Served by a fallback, below the line", color: "var(--series-fallback)" },
  ];
  return (
    <ul aria-label="Key" className="mb-3 flex flex-wrap gap-x-4 gap-y-1 text-sm text-ink-2">
      <li>Disc: offered calls, full at {formatCount(full)}/s</li>
      <li>Ring: each gateway’s state</li>
      {colors.map(({ name, color }) => (
        <li key={name} className="flex items-center gap-1.5">
          <span aria-hidden className="size-2.5 rounded-xs" style={{ background: color }} />
          {name}
        </li>
      ))}
    </ul>
  );
}
