"use client";

import { createContext, useContext, useSyncExternalStore } from "react";

/** Where figures are read out. */
export interface CursorState {
  /** Unix epoch, ms. */
  readonly atMs: number;
  /** The chart whose place the read-out takes. */
  readonly chart: string;
}

/** The moment that all charts mark; outside of what they draw, so that moving it draws no line anew. */
export interface Cursor {
  readonly get: () => CursorState | null;
  readonly set: (state: CursorState | null) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

export function createCursor(): Cursor {
  let state: CursorState | null = null;
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    set(next) {
      if (next?.atMs === state?.atMs && next?.chart === state?.chart) return;
      state = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

export const CursorContext = createContext<Cursor | null>(null);

export function useCursor(): Cursor {
  const cursor = useContext(CursorContext);
  if (cursor === null) throw new Error("useCursor needs a CursorContext above it");
  return cursor;
}

/** The moment marked now; the component renders again when it moves. */
export function useCursorState(): CursorState | null {
  const cursor = useCursor();
  return useSyncExternalStore(cursor.subscribe, cursor.get, () => null);
}
