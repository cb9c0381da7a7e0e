import { z } from "zod";
import { NO_VALUE } from "../format/number.ts";
import { formatClock } from "../format/time.ts";

export interface ChartSeries {
  readonly key: string;
  readonly name: string;
  readonly color: string;
  readonly format: (value: number) => string;
}

const Hovered = z.object({ atMs: z.number() }).catchall(z.unknown());

interface ChartTooltipProps {
  readonly series: readonly ChartSeries[];
  /** Given by recharts. */
  readonly active?: boolean;
  readonly payload?: readonly { readonly payload?: unknown }[];
}

/** Figures of the moment under the pointer. */
export function ChartTooltip({ series, active, payload }: ChartTooltipProps) {
  const hovered = Hovered.safeParse(payload?.[0]?.payload);
  if (active !== true || !hovered.success) return null;
  return (
    <div className="rounded-md border border-line bg-surface px-2.5 py-2 text-sm shadow-pop">
      <div className="mb-1 text-ink-3">{formatClock(hovered.data.atMs)}</div>
      {series.map(({ key, name, color, format }) => {
        const value = hovered.data[key];
        return (
          <div key={key} className="flex items-center gap-2">
            <span aria-hidden className="size-2 rounded-xs" style={{ background: color }} />
            {name}
            <span className="ml-auto pl-4 font-medium">{typeof value === "number" ? format(value) : NO_VALUE}</span>
          </div>
        );
      })}
    </div>
  );
}
