"use client";

import { useUrlState } from "./use-url-state.ts";

/** A search text kept in the address (`?q=`, or under another name where a page has several), and a test of whether a row's words contain all of its words. */
export function useTextFilter(name = "q"): {
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly matches: (...words: readonly string[]) => boolean;
} {
  const [value, setValue] = useUrlState(name);
  const text = value ?? "";
  const wanted = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  return {
    text,
    setText: setValue,
    matches: (...words) => {
      const haystack = words.join(" ").toLowerCase();
      return wanted.every((word) => haystack.includes(word));
    },
  };
}
