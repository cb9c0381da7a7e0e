"use client";

import { useState } from "react";

export interface Walk {
  /** The element one is at; null before the first step, and when it is found no longer. */
  readonly at: string | null;
  /** From 1; 0 for none. */
  readonly position: number;
  readonly step: (backwards: boolean) => void;
  readonly end: () => void;
}

/** Goes from one thing that was found to the next, round the end. */
export function useWalk(found: readonly string[] | null): Walk {
  const [element, setElement] = useState<string | null>(null);
  const index = element === null ? -1 : (found?.indexOf(element) ?? -1);
  return {
    at: index === -1 ? null : element,
    position: index + 1,
    step: (backwards) => {
      if (found === null || found.length === 0) return;
      const next = index === -1 ? (backwards ? -1 : 0) : index + (backwards ? -1 : 1);
      setElement(found[(next + found.length) % found.length] ?? null);
    },
    end: () => {
      setElement(null);
    },
  };
}
