"use client";

import { useCallback, useEffect, useRef, useState } from "react";

/** A moment, Unix epoch, ms; null: now. */
type Position = number | null;

/** Browsers refuse an address that changes too often; the console need not read every moment that is passed by. */
const EVERY_MS = 250;

/**
 * Where the slider is, at once, while the moment shown follows a few times a second and ends at the last one.
 * `show` makes the moment the one that is shown.
 */
export function useScrub(shown: Position, show: (position: Position) => void) {
  const [draft, setDraft] = useState<{ readonly position: Position } | null>(null);
  const waiting = useRef<{ timer: ReturnType<typeof setTimeout>; next: { readonly position: Position } | null } | null>(
    null,
  );
  const showNow = useRef(show);
  useEffect(() => {
    showNow.current = show;
  });
  const commit = useCallback((position: Position) => {
    showNow.current(position);
    const timer = setTimeout(() => {
      const next = waiting.current?.next ?? null;
      waiting.current = null;
      if (next === null) setDraft(null);
      else commit(next.position);
    }, EVERY_MS);
    waiting.current = { timer, next: null };
  }, []);
  const move = useCallback(
    (position: Position) => {
      setDraft({ position });
      if (waiting.current === null) commit(position);
      else waiting.current.next = { position };
    },
    [commit],
  );
  useEffect(
    () => () => {
      if (waiting.current !== null) clearTimeout(waiting.current.timer);
      waiting.current = null;
    },
    [],
  );
  return { position: draft === null ? shown : draft.position, move };
}
