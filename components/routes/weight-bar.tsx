import { formatRatio } from "../format/number.ts";
import { sharesOf } from "./weights.ts";

const SHADES = [
  "var(--accent)",
  "var(--series-success)",
  "var(--series-timeout)",
  "var(--series-unreachable)",
  "var(--series-rejected)",
  "var(--series-short)",
];

/** Colour of the nth destination, in the bar and beside its fields. */
export function shadeOf(at: number): string {
  return SHADES[at % SHADES.length] ?? "var(--accent)";
}

interface WeightBarProps {
  readonly destinations: readonly { readonly name: string; readonly weight: number }[];
  readonly className?: string;
}

/** How requests are shared out, as lengths. The figures stand beside it in words. */
export function WeightBar({ destinations, className }: WeightBarProps) {
  const shares = sharesOf(destinations.map((destination) => destination.weight));
  const text = destinations.map(({ name }, at) => `${name} ${formatRatio(shares[at] ?? 0)}`).join(", ");
  return (
    <div
      role="img"
      aria-label={`Split: ${text}`}
      className={className ?? "flex h-2 gap-px overflow-hidden rounded-full bg-sunken"}
    >
      {destinations.map(({ name }, at) => (
        <div
          key={`${name} ${at.toString()}`}
          style={{ width: `${((shares[at] ?? 0) * 100).toFixed(2)}%`, background: shadeOf(at) }}
        />
      ))}
    </div>
  );
}
