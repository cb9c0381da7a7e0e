"use client";

import { useCallback, useMemo, useState } from "react";
import type { Point } from "../layout/layout-types.ts";
import { NO_PINS, pinKey, readPins, writePins, type Pins } from "./pin-store.ts";

export interface PinControls {
  readonly pins: Pins;
  readonly pinned: ReadonlySet<string>;
  readonly pin: (id: string, at: Point) => void;
  readonly unpin: (id: string) => void;
  readonly setPins: (pins: Pins) => void;
}

/**
 * Where a person put nodes: kept by this browser, for each person and each saved view by itself; with a saved view, by
 * the console as well once the view is saved. Null while nobody knows who it is.
 */
export function usePins(personId: string | null, viewId: string | null): PinControls {
  const key = personId === null ? null : pinKey(personId, viewId);
  const [held, hold] = useState<{ readonly key: string | null; readonly pins: Pins }>({ key: null, pins: NO_PINS });
  let current = held;
  if (held.key !== key) {
    current = { key, pins: key === null ? NO_PINS : readPins(window.localStorage, key) };
    hold(current);
  }
  const setPins = useCallback(
    (next: Pins) => {
      hold({ key, pins: next });
      if (key !== null) writePins(window.localStorage, key, next);
    },
    [key, hold],
  );
  const { pins } = current;
  const pinned = useMemo(() => new Set(pins.keys()), [pins]);
  return {
    pins,
    pinned,
    setPins,
    pin: (id, at) => {
      setPins(new Map([...pins, [id, at]]));
    },
    unpin: (id) => {
      setPins(new Map([...pins].filter(([other]) => other !== id)));
    },
  };
}
