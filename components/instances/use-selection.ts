"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { NOTHING_SELECTED, withAll, withToggled } from "./selection.ts";

/** What is ticked in a list, and how it is changed. */
export interface SelectionState {
  readonly has: (key: string) => boolean;
  /** `range`: all rows from the one ticked last. It is the same function each time. */
  readonly toggle: (key: string, range: boolean) => void;
  readonly setAll: (keys: readonly string[], on: boolean) => void;
  readonly clear: () => void;
}

/** `order`: keys of what the list shows, top down. */
export function useSelection(order: readonly string[]): SelectionState {
  const [selection, setSelection] = useState(NOTHING_SELECTED);
  const shown = useRef(order);
  useEffect(() => {
    shown.current = order;
  });
  const toggle = useCallback((key: string, range: boolean): void => {
    setSelection((now) => withToggled(now, key, shown.current, range));
  }, []);
  return {
    has: (key) => selection.keys.has(key),
    toggle,
    setAll: (keys, on) => {
      setSelection((now) => withAll(now, keys, on));
    },
    clear: () => {
      setSelection(NOTHING_SELECTED);
    },
  };
}
