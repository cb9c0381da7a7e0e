"use client";

import type { Topology } from "#domain/topology.ts";
import { useLive } from "../live/live-provider.tsx";

/** The mesh as the page shows it: now, or as it was. */
export interface ShownMoment {
  /** Null while nothing has come yet. */
  readonly topology: Topology | null;
  /** Unix epoch, ms; null: now. */
  readonly atMs: number | null;
  /** Length of the span that figures are averaged over, ms. */
  readonly windowMs: number;
}

/** What the address asks for: the live mesh, unless it names a moment. */
export function useShownMoment(): ShownMoment {
  const { picture } = useLive();
  return { topology: picture?.topology ?? null, atMs: null, windowMs: picture?.windowMs ?? 10_000 };
}
