"use client";

import { useCallback, useMemo, useState } from "react";
import type { Figures } from "../model/figures.ts";
import type { TreeOrder } from "./tree-order.ts";
import { treeRows, wayTo, type TreeSource } from "./tree-rows.ts";
import type { TreeRow } from "./tree-row.ts";

export interface TreeState {
  readonly rows: readonly TreeRow[];
  /** Index of the row that takes the focus. */
  readonly at: number;
  readonly moveTo: (row: TreeRow | undefined) => void;
  readonly setOpen: (keys: readonly string[], open: boolean) => void;
  readonly toggle: (key: string) => void;
  /** Goes to the row of a service or group, and opens what it is in; its key. */
  readonly goTo: (node: string) => string;
}

/** Which rows are open, which has the focus, and in what order all stand. */
export function useTreeState(
  source: TreeSource,
  order: TreeOrder,
  sortFigures: ReadonlyMap<string, Figures>,
): TreeState {
  const [open, setOpenKeys] = useState<ReadonlySet<string>>(new Set());
  const [activeKey, setActiveKey] = useState<string | null>(null);
  const rows = useMemo(() => treeRows(source, open, order, sortFigures), [source, open, order, sortFigures]);
  const found = rows.findIndex(({ key }) => key === activeKey);

  const setOpen = useCallback((keys: readonly string[], isOpen: boolean) => {
    setOpenKeys((before) => {
      const after = new Set(before);
      for (const key of keys)
        if (isOpen) after.add(key);
        else after.delete(key);
      return after;
    });
  }, []);
  const toggle = useCallback((key: string) => {
    setOpenKeys((before) => {
      const after = new Set(before);
      if (!after.delete(key)) after.add(key);
      return after;
    });
  }, []);
  const moveTo = useCallback((row: TreeRow | undefined) => {
    if (row !== undefined) setActiveKey(row.key);
  }, []);

  return {
    rows,
    at: Math.max(0, found),
    moveTo,
    setOpen,
    toggle,
    goTo: (node) => {
      const way = wayTo(source, node);
      setOpen(way.open, true);
      setActiveKey(way.key);
      return way.key;
    },
  };
}
