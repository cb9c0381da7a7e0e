"use client";

import { KeptSide } from "#domain/publishing.ts";
import { useUrlState } from "../../ui/use-url-state.ts";

/** The side chosen, in the address: it survives a reload, and a survey that is taken anew. */
export function useSideInUrl(): readonly [KeptSide | null, (side: KeptSide | null) => void] {
  const [value, setValue] = useUrlState("keep");
  return [KeptSide.safeParse(value).data ?? null, setValue];
}
