import { ArrowDown, ArrowUp } from "lucide-react";
import { effectiveState } from "../../breakers/breaker-state.ts";
import { StateBadge } from "../../breakers/state-badge.tsx";
import { formatBytes } from "../../format/bytes.ts";
import { formatErrors, formatLatency, formatRate, NO_VALUE } from "../../format/number.ts";
import { cn } from "../../ui/cn.ts";
import { HealthBadge } from "../health-badge.tsx";
import { HEALTH_STYLES } from "../health-style.ts";
import type { TreeOrder } from "./tree-order.ts";
import { TREE_COLUMNS, type TreeColumn, type TreeRow } from "./tree-row.ts";

/** What all rows share out their width by; on phones what has no room is left to the side panel. */
export const TREE_GRID =
  "grid grid-cols-[minmax(0,1fr)_2.5rem_4.5rem_4rem] sm:grid-cols-[minmax(0,1fr)_11rem_5.5rem_5rem_5rem_5rem_5rem_6rem]";

const WIDE_ONLY = "max-sm:hidden";

const HEADS: Readonly<
  Record<TreeColumn, { readonly title: string; readonly numeric?: true; readonly className: string }>
> = {
  name: { title: "Service", className: "pl-4" },
  health: { title: "State", className: "" },
  rate: { title: "Requests", numeric: true, className: "justify-end" },
  error: { title: "Errors", numeric: true, className: "justify-end max-sm:pr-4" },
  p50: { title: "p50", numeric: true, className: cn("justify-end", WIDE_ONLY) },
  p95: { title: "p95", numeric: true, className: cn("justify-end", WIDE_ONLY) },
  p99: { title: "p99", numeric: true, className: cn("justify-end", WIDE_ONLY) },
  bytes: { title: "Bytes", numeric: true, className: cn("justify-end pr-4", WIDE_ONLY) },
};

interface TreeHeadProps {
  readonly order: TreeOrder;
  /** Null while the grid is not to be seen: nobody should land on buttons that are not there. */
  readonly onOrder: ((order: TreeOrder) => void) | null;
}

/** Headings of the columns; each sorts by its column, pressed again the other way round. */
export function TreeHead({ order, onOrder }: TreeHeadProps) {
  return (
    <div role="rowgroup" className="sticky top-0 z-10 bg-surface">
      <div role="row" className={cn(TREE_GRID, "h-8 border-b border-line text-sm font-medium text-ink-3")}>
        {TREE_COLUMNS.map((column) => {
          const { title, numeric = false, className } = HEADS[column];
          const isActive = order.column === column;
          const Arrow = order.descending ? ArrowDown : ArrowUp;
          return (
            <div
              key={column}
              role="columnheader"
              aria-sort={isActive ? (order.descending ? "descending" : "ascending") : "none"}
              className={cn("flex items-center", className)}
            >
              {onOrder === null ? (
                title
              ) : (
                <button
                  type="button"
                  className={cn(
                    "inline-flex items-center gap-1 rounded hover:text-ink",
                    numeric && "flex-row-reverse",
                    isActive && "text-ink",
                  )}
                  onClick={() => {
                    // Figures are sorted by to find what is worst.
                    const first = column !== "name" && column !== "health";
                    onOrder({ column, descending: isActive ? !order.descending : first });
                  }}
                >
                  {title}
                  <Arrow aria-hidden className={cn("size-3", !isActive && "invisible")} />
                </button>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** Everything of a row but its name. */
export function TreeFigures({ row }: { row: TreeRow }) {
  const { figures, configuredOnly } = row;
  const number = (value: string): string => (configuredOnly ? NO_VALUE : value);
  const breaker = figures.breaker === null ? null : effectiveState(figures.breaker.state, figures.breaker.override);
  const style = HEALTH_STYLES[figures.health];
  const Icon = style.icon;
  const isSick = figures.health === "failing" || figures.health === "degraded";
  return (
    <>
      <div role="gridcell" className="flex min-w-0 items-center gap-1 overflow-hidden">
        <span className={cn("flex", WIDE_ONLY)}>
          <HealthBadge health={figures.health} />
        </span>
        <span className="sm:hidden">
          <Icon aria-label={style.word} className="size-4" color={style.color} />
        </span>
        {breaker !== null && breaker !== "closed" && (
          <span className={cn("flex", WIDE_ONLY)}>
            <StateBadge state={breaker} />
          </span>
        )}
      </div>
      <Figure>{number(formatRate(figures.requestsPerSecond))}</Figure>
      <Figure className={cn("max-sm:pr-4", isSick && "font-medium text-bad")}>{number(formatErrors(figures))}</Figure>
      <Figure className={WIDE_ONLY}>{formatLatency(figures.p50Ms)}</Figure>
      <Figure className={WIDE_ONLY}>{formatLatency(figures.p95Ms)}</Figure>
      <Figure className={WIDE_ONLY}>{formatLatency(figures.p99Ms)}</Figure>
      <Figure className={cn("pr-4", WIDE_ONLY)}>
        {figures.bytesPerSecond === null ? NO_VALUE : number(`${formatBytes(figures.bytesPerSecond)}/s`)}
      </Figure>
    </>
  );
}

function Figure({ className, children }: { className?: string; children: string }) {
  return (
    <div role="gridcell" className={cn("self-center text-right whitespace-nowrap tabular-nums", className)}>
      {children}
    </div>
  );
}
