"use client";

import { useSyncExternalStore } from "react";

/** Narrower than Tailwind's `sm`. */
const NARROW = "(max-width: 639.98px)";

function watch(changed: () => void): () => void {
  const query = window.matchMedia(NARROW);
  query.addEventListener("change", changed);
  return () => {
    query.removeEventListener("change", changed);
  };
}

/** True on a phone held upright, for what a style sheet cannot decide; false before the browser can say. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    watch,
    () => window.matchMedia(NARROW).matches,
    () => false,
  );
}
