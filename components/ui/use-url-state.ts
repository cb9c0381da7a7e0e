"use client";

import { useSearchParams } from "next/navigation";
import { useCallback } from "react";

/**
 * One search parameter of the address as state, so that what is shown can be linked to and survives a reload.
 * Setting null removes it. The page is not loaded again and history gets no entry.
 */
export function useUrlState(name: string): readonly [string | null, (value: string | null) => void] {
  const value = useSearchParams().get(name);
  const set = useCallback(
    (next: string | null) => {
      const params = new URLSearchParams(window.location.search);
      if (next === null || next === "") params.delete(name);
      else params.set(name, next);
      const query = params.toString();
      window.history.replaceState(null, "", query === "" ? window.location.pathname : `?${query}`);
    },
    [name],
  );
  return [value, set];
}
