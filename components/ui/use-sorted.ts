"use client";

import { useState } from "react";

export interface Sorting<Key extends string> {
  /** The column sorted by now; a part of the table that knows only some of the columns may ask. */
  readonly column: string;
  readonly descending: boolean;
  readonly sortBy: (column: Key) => void;
}

type SortValue = string | number;

function compare(a: SortValue, b: SortValue): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), "en", { numeric: true });
}

/**
 * Rows in the order of one column. Equal rows keep the order they came in, so a live list does not flicker.
 * `columns` says what each column is sorted by.
 */
export function useSorted<Row, Key extends string>(
  rows: readonly Row[],
  columns: Readonly<Record<Key, (row: Row) => SortValue>>,
  initial: NoInfer<Key>,
  initialDescending = false,
): { readonly sorted: readonly Row[]; readonly sorting: Sorting<Key> } {
  const [order, setOrder] = useState({ column: initial, descending: initialDescending });
  const valueOf = columns[order.column];
  const sign = order.descending ? -1 : 1;
  const sorted = rows.toSorted((a, b) => sign * compare(valueOf(a), valueOf(b)));
  const sortBy = (column: Key): void => {
    setOrder((now) => ({ column, descending: now.column === column && !now.descending }));
  };
  return { sorted, sorting: { ...order, sortBy } };
}
