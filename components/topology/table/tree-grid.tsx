"use client";

import { useCallback, useEffect, useRef, useState, type KeyboardEvent } from "react";
import { cn } from "../../ui/cn.ts";
import { TreeHead } from "./tree-columns.tsx";
import { treeAction, typedRow, type TreeAction } from "./tree-keys.ts";
import { TreeLine } from "./tree-line.tsx";
import type { TreeOrder } from "./tree-order.ts";
import type { TreeRow } from "./tree-row.ts";
import type { TreeSource } from "./tree-rows.ts";
import { useSortFigures } from "./use-sort-figures.ts";
import { useTreeState } from "./use-tree-state.ts";
import { ROW_HEIGHT, visibleRows } from "./visible-rows.ts";

/** A pause this long ends a word that is typed to find a row, ms. */
const TYPED_FOR_MS = 800;

/** While nobody sees the grid, this many rows around the active one are there for screen readers. */
const UNSEEN_ROWS = 200;

/** Only the active row has the focus; the others need no new function with every picture. */
function ignoreKey(): void {
  // Nothing to do.
}

interface TreeGridProps {
  readonly source: TreeSource;
  /** Unix epoch, ms. */
  readonly nowMs: number;
  readonly selected: string | null;
  /** False: only for keyboard and screen readers, as the mesh is drawn beside it. */
  readonly seen: boolean;
  readonly onSelect: (element: string) => void;
  /** Opens or closes a box of the drawing. */
  readonly onExpand: (element: string) => void;
  /** The row that has the focus; null when none of the grid's has. */
  readonly onFocusRow: (row: TreeRow | null) => void;
}

/** The mesh as rows that open: services, their calls, subsets and instances, with the same selection as the drawing. */
export function TreeGrid(props: TreeGridProps) {
  const { source, nowMs, selected, seen, onSelect, onExpand, onFocusRow } = props;
  const [order, setOrder] = useState<TreeOrder>({ column: "name", descending: false });
  const [working, setWorking] = useState(false);
  const sortFigures = useSortFigures(source.topology, order, nowMs, working);
  const tree = useTreeState(source, order, sortFigures);
  const { rows, at, moveTo, toggle } = tree;
  const [scrolled, setScrolled] = useState({ top: 0, height: 600 });
  const activeRef = useRef<HTMLDivElement>(null);
  /** Key of the row that the focus is to go to once it is the active one. */
  const wanted = useRef<string | null>(null);
  const typed = useRef({ text: "", atMs: 0 });

  useEffect(() => {
    // An effect of an earlier picture may still be due: it knows another row as the active one.
    if (wanted.current === null || rows[at]?.key !== wanted.current) return;
    wanted.current = null;
    activeRef.current?.focus();
  });

  const onFocus = useCallback(
    (row: TreeRow) => {
      setWorking(true);
      moveTo(row);
      onFocusRow(row);
    },
    [moveTo, onFocusRow],
  );

  const act = (action: TreeAction): void => {
    switch (action.kind) {
      case "move":
        wanted.current = rows[action.to]?.key ?? null;
        moveTo(rows[action.to]);
        break;
      case "follow":
        wanted.current = tree.goTo(action.node);
        break;
      case "open":
      case "close":
        tree.setOpen([action.key], action.kind === "open");
        break;
      case "open-siblings":
        tree.setOpen(action.keys, true);
        break;
      case "select":
        onSelect(action.element);
        break;
      case "expand":
        onExpand(action.element);
        break;
    }
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = treeAction(rows, at, event) ?? typedAction(event);
    if (action === null) return;
    event.preventDefault();
    act(action);
  };

  const typedAction = (event: KeyboardEvent): TreeAction | null => {
    if (event.key.length !== 1 || event.key === " ") return null;
    const isGoingOn = event.timeStamp - typed.current.atMs < TYPED_FOR_MS;
    typed.current = { text: (isGoingOn ? typed.current.text : "") + event.key, atMs: event.timeStamp };
    const to = typedRow(rows, at, typed.current.text);
    return to === -1 ? null : { kind: "move", to };
  };

  const { start, end } = seen
    ? visibleRows(rows.length, scrolled.top, scrolled.height)
    : visibleRows(rows.length, Math.max(0, at - UNSEEN_ROWS / 2) * ROW_HEIGHT, UNSEEN_ROWS * ROW_HEIGHT);
  const drawn = rows.slice(start, end).map((row, step) => ({ row, index: start + step }));
  const active = rows[at];
  // It keeps the focus though it is scrolled out of sight.
  if (active !== undefined && at < start) drawn.unshift({ row: active, index: at });
  if (active !== undefined && at >= end) drawn.push({ row: active, index: at });

  return (
    <div
      role="treegrid"
      aria-label="Services and their calls"
      aria-rowcount={rows.length + 1}
      tabIndex={-1}
      className={cn(
        seen
          ? "live max-h-[calc(100dvh-13rem)] min-h-80 lg:max-h-[calc(100dvh-24rem)] overflow-y-auto rounded-lg border border-line bg-surface"
          : "sr-only",
      )}
      onScroll={(event) => {
        setScrolled({ top: event.currentTarget.scrollTop, height: event.currentTarget.clientHeight });
      }}
      onBlur={(event) => {
        if (event.currentTarget.contains(event.relatedTarget)) return;
        setWorking(false);
        onFocusRow(null);
      }}
    >
      <TreeHead order={order} onOrder={seen ? setOrder : null} />
      <div role="rowgroup" className="relative" style={{ height: rows.length * ROW_HEIGHT }}>
        {drawn.map(({ row, index }) => (
          <TreeLine
            key={row.key}
            row={row}
            index={index}
            active={index === at}
            selected={row.element === selected}
            activeRef={index === at ? activeRef : undefined}
            onFocus={onFocus}
            onSelect={onSelect}
            onToggle={toggle}
            onKeyDown={index === at ? onKeyDown : ignoreKey}
          />
        ))}
      </div>
    </div>
  );
}
