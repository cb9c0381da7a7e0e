"use client";

import { useSearchParams } from "next/navigation";
import { useCallback, useState } from "react";

/** What was set last, and what the address said then. */
interface Asked {
  readonly value: string | null;
  readonly over: string | null;
}

/**
 * One search parameter of the address as state, so that what is shown can be linked to and survives a reload.
 * Setting null removes it. The page is not loaded again and history gets no entry.
 */
export function useUrlState(name: string): readonly [string | null, (value: string | null) => void] {
  const inAddress = useSearchParams().get(name);
  // Next tells of a new address in a transition: until then a control that was just used would jump back.
  const [asked, ask] = useState<Asked | null>(null);
  if (asked !== null && asked.over !== inAddress) ask(null);
  const value = asked === null || asked.over !== inAddress ? inAddress : asked.value;
  const set = useCallback(
    (next: string | null) => {
      ask({ value: next === "" ? null : next, over: inAddress });
      const params = new URLSearchParams(window.location.search);
      if (next === null || next === "") params.delete(name);
      else params.set(name, next);
      const query = params.toString();
      window.history.replaceState(null, "", query === "" ? window.location.pathname : `?${query}`);
    },
    [name, inAddress],
  );
  return [value, set];
}
