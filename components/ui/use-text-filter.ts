"use client";

import { useState } from "react";
import { useUrlState } from "./use-url-state.ts";

/** A search text kept in the address (`?q=`, or under another name where a page has several), and a test of whether a row's words contain all of its words. */
export function useTextFilter(name = "q"): {
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly matches: (...words: readonly string[]) => boolean;
} {
  const [value, setValue] = useUrlState(name);
  // The address follows when there is time: what is typed must not wait for it.
  const [typed, setTyped] = useState<string | null>(null);
  if (typed !== null && typed === (value ?? "")) setTyped(null);
  const text = typed ?? value ?? "";
  const wanted = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  return {
    text,
    setText: (next) => {
      setTyped(next);
      setValue(next);
    },
    matches: (...words) => {
      const haystack = words.join(" ").toLowerCase();
      return wanted.every((word) => haystack.includes(word));
    },
  };
}
