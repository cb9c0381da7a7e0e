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
  const pending = useRef<{ readonly position: Position } | null>(null);
  const timer = useRef<ReturnType<typeof setInterval> | null>(null);
  const showNow = useRef(show);
  useEffect(() => {
    showNow.current = show;
  });
  const stop = useCallback(() => {
    if (timer.current !== null) clearInterval(timer.current);
    timer.current = null;
    pending.current = null;
  }, []);
  const showPending = useCallback(() => {
    const next = pending.current;
    pending.current = null;
    if (next !== null) showNow.current(next.position);
    else {
      stop();
      setDraft(null);
    }
  }, [stop]);
  const move = useCallback(
    (position: Position) => {
      setDraft({ position });
      if (timer.current !== null) pending.current = { position };
      else {
        showNow.current(position);
        timer.current = setInterval(showPending, EVERY_MS);
      }
    },
    [showPending],
  );
  useEffect(() => stop, [stop]);
  return { position: draft === null ? shown : draft.position, move };
}
