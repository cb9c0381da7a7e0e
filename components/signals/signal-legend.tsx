import { Button } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import type { LineStyle } from "./line-style.ts";

interface SignalLegendProps {
  readonly lines: readonly { readonly name: string; readonly style: LineStyle }[];
  readonly hidden: ReadonlySet<string>;
  readonly onHide: (names: Iterable<string>) => void;
}

/** What is which line; pressing one takes it away or brings it back, with Shift or Alt all others. */
export function SignalLegend({ lines, hidden, onHide }: SignalLegendProps) {
  const toggle = (name: string, alone: boolean): void => {
    if (alone) onHide(lines.filter((line) => line.name !== name).map((line) => line.name));
    else if (hidden.has(name)) onHide([...hidden].filter((one) => one !== name));
    else onHide([...hidden, name]);
  };
  return (
    <div role="group" aria-label="Lines shown" className="flex flex-wrap items-center gap-1">
      {lines.map(({ name, style }) => (
        <button
          key={name}
          type="button"
          aria-pressed={!hidden.has(name)}
          title="Press with Shift for this one alone"
          className={cn(
            "flex h-6.5 max-w-72 items-center gap-1.5 rounded px-1.5 text-sm hover:bg-hover",
            hidden.has(name) ? "text-ink-3 line-through" : "text-ink-2",
          )}
          onClick={(event) => {
            toggle(name, event.shiftKey || event.altKey);
          }}
        >
          <LineSample style={style} />
          <span className="truncate">{name}</span>
        </button>
      ))}
      {lines.some(({ name }) => hidden.has(name)) && (
        <Button
          size="sm"
          variant="ghost"
          onClick={() => {
            onHide([]);
          }}
        >
          Show all lines
        </Button>
      )}
    </div>
  );
}

function LineSample({ style: { color, dash } }: { style: LineStyle }) {
  return (
    <svg aria-hidden width={18} height={10} className="shrink-0">
      <line x1={0} x2={18} y1={5} y2={5} stroke={color} strokeWidth={3} strokeDasharray={dash ?? undefined} />
    </svg>
  );
}
