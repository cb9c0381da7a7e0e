"use client";

import { useRef } from "react";

/**
 * Whether a part that is null while it is off is on, and its switch. What was filled in comes back when it is switched on
 * again; the first time it is `fresh`.
 */
export function useSwitchedPart<Part>(
  part: Part | null | undefined,
  set: (part: Part | null) => void,
  fresh: Part,
): readonly [boolean, (on: boolean) => void] {
  const kept = useRef(fresh);
  const turn = (on: boolean): void => {
    kept.current = part ?? kept.current;
    set(on ? kept.current : null);
  };
  return [part != null, turn];
}
