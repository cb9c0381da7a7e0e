"use client";

import { MARKER_KINDS, type MarkerKind } from "#domain/history.ts";
import { useUrlState } from "../ui/use-url-state.ts";

/** In the address, in place of kinds: none of them. */
const NONE = "none";

/** Kinds of what happened that the axis shows, kept in the address; all of them unless it says otherwise. */
export function useShownKinds(): readonly [ReadonlySet<MarkerKind>, (kinds: ReadonlySet<MarkerKind>) => void] {
  const [text, setText] = useUrlState("events");
  const named = text?.split(",") ?? [];
  const kinds = text === null ? MARKER_KINDS : MARKER_KINDS.filter((kind) => named.includes(kind));
  const set = (next: ReadonlySet<MarkerKind>): void => {
    setText(next.size === MARKER_KINDS.length ? null : next.size === 0 ? NONE : [...next].join(","));
  };
  return [new Set(kinds), set];
}
