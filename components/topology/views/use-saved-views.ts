"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { isSameValue } from "#domain/same-value.ts";
import type { SavedView, ViewState } from "#domain/saved-view.ts";
import { useTRPC } from "../../api/trpc.ts";
import type { GraphState } from "./graph-address.ts";
import type { Pins } from "./pin-store.ts";

/** What would be saved now. */
export function viewStateOf(state: GraphState, pins: Pins): ViewState {
  return { ...state, pins: [...pins].map(([id, { x, y }]) => ({ id, x: Math.round(x), y: Math.round(y) })) };
}

/** True when a view no longer shows what was saved. Order of pins means nothing. */
export function isChanged(view: SavedView, now: ViewState): boolean {
  const sorted = (state: ViewState): ViewState => ({
    ...state,
    pins: state.pins.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    expanded: state.expanded.toSorted(),
  });
  return !isSameValue(sorted(view.state), sorted(now));
}

/** All views that the person sees; undefined while they are being asked for. */
export function useSavedViews() {
  return useQuery(useTRPC().views.list.queryOptions());
}

/** Saves a view, anew or over the person's own. */
export function useSaveView() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return useMutation(
    trpc.views.save.mutationOptions({ onSettled: () => queryClient.invalidateQueries(trpc.views.pathFilter()) }),
  );
}

/** Deletes a view: the person's own, or as an administrator one that somebody else shares. */
export function useRemoveView(mine: boolean) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const settled = { onSettled: () => queryClient.invalidateQueries(trpc.views.pathFilter()) };
  const own = useMutation(trpc.views.remove.mutationOptions(settled));
  const shared = useMutation(trpc.views.removeShared.mutationOptions(settled));
  return mine ? own : shared;
}
