import { cn } from "../../ui/cn.ts";
import type { Gauge } from "./gauge-words.ts";

/** A share against its threshold: a bar, a mark where it decides, and both in words. */
export function ShareMeter({ gauge, place }: { gauge: Gauge; place: string }) {
  const { label, figure, percent, threshold, over, words } = gauge;
  return (
    <div>
      <div className="flex items-baseline justify-between gap-2 text-sm">
        <span className="text-ink-3">{label}</span>
        <span className={cn("font-medium", over && "text-bad")}>{figure}</span>
      </div>
      <div
        role="meter"
        aria-label={`${label} at ${place}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={words}
        className="relative my-0.5 h-2.5 overflow-hidden rounded-sm bg-hover"
      >
        <div
          className={cn("absolute inset-y-0 left-0", over ? "bg-bad" : "bg-accent")}
          style={{ width: `${percent.toString()}%` }}
        />
        <div
          aria-hidden
          className="absolute inset-y-0 w-0.5 -translate-x-1/2 bg-ink"
          style={{ left: `min(${threshold.toString()}%, calc(100% - 1px))` }}
        />
      </div>
      <p className="text-sm text-ink-2">{words}</p>
    </div>
  );
}
