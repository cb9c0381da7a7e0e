"use client";

import { useState } from "react";
import { NOTHING_SELECTED, withAll, withToggled } from "./selection.ts";

/** What is ticked in a list, and how it is changed. */
export interface SelectionState {
  readonly has: (key: string) => boolean;
  /** `range`: all rows from the one ticked last. `order` is what the list shows. */
  readonly toggle: (key: string, order: readonly string[], range: boolean) => void;
  readonly setAll: (keys: readonly string[], on: boolean) => void;
  readonly clear: () => void;
}

export function useSelection(): SelectionState {
  const [selection, setSelection] = useState(NOTHING_SELECTED);
  return {
    has: (key) => selection.keys.has(key),
    toggle: (key, order, range) => {
      setSelection((now) => withToggled(now, key, order, range));
    },
    setAll: (keys, on) => {
      setSelection((now) => withAll(now, keys, on));
    },
    clear: () => {
      setSelection(NOTHING_SELECTED);
    },
  };
}
