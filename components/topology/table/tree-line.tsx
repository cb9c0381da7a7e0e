import {
  ArrowLeft,
  ArrowRight,
  Box,
  ChevronRight,
  Globe,
  Layers,
  Router,
  Server,
  Tag,
  type LucideIcon,
} from "lucide-react";
import { memo, type KeyboardEvent, type Ref } from "react";
import { cn } from "../../ui/cn.ts";
import { TREE_GRID, TreeFigures } from "./tree-columns.tsx";
import type { TreeRow, TreeRowKind } from "./tree-row.ts";
import { ROW_HEIGHT } from "./visible-rows.ts";

const ICONS: Readonly<Record<Exclude<TreeRowKind, "call">, LucideIcon>> = {
  node: Box,
  group: Layers,
  gateway: Router,
  subset: Tag,
  instance: Server,
};

function iconOf(row: TreeRow): LucideIcon {
  if (row.kind === "call") return row.direction === "out" ? ArrowRight : ArrowLeft;
  return row.element === "outside" ? Globe : ICONS[row.kind];
}

interface TreeLineProps {
  readonly row: TreeRow;
  readonly index: number;
  /** Takes the focus when one comes to the grid. */
  readonly active: boolean;
  readonly selected: boolean;
  readonly activeRef: Ref<HTMLDivElement> | undefined;
  readonly onFocus: (row: TreeRow) => void;
  readonly onSelect: (element: string) => void;
  readonly onToggle: (key: string) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** One row. The line as a whole has the focus; its cells are read with it. */
export const TreeLine = memo(function TreeLine(props: TreeLineProps) {
  const { row, index, active, selected, activeRef, onFocus, onSelect, onToggle, onKeyDown } = props;
  const Icon = iconOf(row);
  return (
    <div
      ref={activeRef}
      role="row"
      aria-level={row.level}
      aria-posinset={row.position}
      aria-setsize={row.siblings}
      aria-rowindex={index + 2}
      aria-expanded={row.open ?? undefined}
      aria-selected={selected}
      tabIndex={active ? 0 : -1}
      className={cn(
        TREE_GRID,
        "absolute inset-x-0 cursor-default border-b border-line focus-visible:-outline-offset-2",
        selected ? "bg-accent-tint" : "hover:bg-sunken",
      )}
      style={{ top: index * ROW_HEIGHT, height: ROW_HEIGHT }}
      onFocus={() => {
        onFocus(row);
      }}
      onKeyDown={onKeyDown}
      onClick={() => {
        onSelect(row.element);
      }}
    >
      <div
        role="rowheader"
        className="flex min-w-0 items-center gap-1.5"
        style={{ paddingLeft: 8 + (row.level - 1) * 18 }}
      >
        {row.open === null ? (
          <span className="w-5 shrink-0" />
        ) : (
          <span
            aria-hidden
            className="flex size-5 shrink-0 items-center justify-center rounded text-ink-3 hover:bg-hover hover:text-ink"
            onClick={(event) => {
              event.stopPropagation();
              onToggle(row.key);
            }}
          >
            <ChevronRight className={cn("size-4 transition-transform", row.open && "rotate-90")} />
          </span>
        )}
        <Icon aria-hidden className="size-4 shrink-0 text-ink-3" strokeWidth={1.75} />
        <span className={cn("truncate", row.level === 1 && "font-medium")}>{row.label}</span>
        {row.note !== "" && (
          <span
            className={cn(
              "truncate text-sm",
              selected ? "text-ink-2" : "text-ink-3",
              row.level === 1 && "max-sm:hidden",
            )}
          >
            {" "}
            {row.note}
          </span>
        )}
      </div>
      <TreeFigures row={row} />
    </div>
  );
});
