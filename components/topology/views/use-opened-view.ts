"use client";

import { useCallback, useEffect, useRef } from "react";
import { isSameValue } from "#domain/same-value.ts";
import type { SavedView } from "#domain/saved-view.ts";
import { DEFAULT_STATE } from "./graph-address.ts";
import { pinKey, writePins } from "./pin-store.ts";
import type { GraphAddress } from "./use-graph-state.ts";
import type { PinControls } from "./use-pins.ts";
import { useSavedViews } from "./use-saved-views.ts";

export interface OpenedView {
  readonly open: (view: SavedView) => void;
  /** What is shown now has become the view of this id: its pins go with it. */
  readonly keep: (id: string) => void;
  /** The address names a view that is no more, or that the person may not see. */
  readonly isMissing: boolean;
}

interface OpenedViewRequest {
  readonly personId: string | null;
  readonly address: GraphAddress;
  readonly pins: PinControls;
  /** Id of the view in the address, and how to set it. */
  readonly saved: readonly [string | null, (id: string | null) => void];
}

/**
 * The saved view that the address names (`saved`). An address that says nothing else shows the view as it was saved; one
 * that says more shows what it says.
 */
export function useOpenedView({
  personId,
  address,
  pins: { pins: pinsNow, setPins },
  saved: [id, setId],
}: OpenedViewRequest): OpenedView {
  const { state, change } = address;
  const views = useSavedViews().data;
  const view = views?.find((candidate) => candidate.id === id);
  const shown = useRef<string | null>(null);

  const open = useCallback(
    (next: SavedView) => {
      shown.current = next.id;
      const { pins: kept, ...rest } = next.state;
      const pins = new Map(kept.map(({ id: node, x, y }) => [node, { x, y }]));
      if (next.id === id) setPins(pins);
      else if (personId !== null) writePins(window.localStorage, pinKey(personId, next.id), pins);
      change(rest);
      setId(next.id);
    },
    [personId, id, change, setId, setPins],
  );

  useEffect(() => {
    if (view === undefined || personId === null || shown.current === view.id) return;
    shown.current = view.id;
    if (isSameValue(state, DEFAULT_STATE)) open(view);
  }, [view, personId, state, open]);

  const keep = (kept: string): void => {
    shown.current = kept;
    if (personId !== null) writePins(window.localStorage, pinKey(personId, kept), pinsNow);
    setId(kept);
  };

  return { open, keep, isMissing: id !== null && views !== undefined && view === undefined };
}
