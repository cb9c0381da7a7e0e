"use client";

import { useQuery } from "@tanstack/react-query";
import type { OverrideSpec } from "#domain/override.ts";
import type { PolicyRow } from "#domain/policy.ts";
import { useTRPC } from "../api/trpc.ts";
import { useServerValue } from "../live/use-now.ts";

const NONE: readonly PolicyRow<OverrideSpec>[] = [];

/** Breakers people are holding now. One past its expiry is left out even before the console has cleared it away. */
export function useActiveOverrides(): readonly PolicyRow<OverrideSpec>[] {
  const trpc = useTRPC();
  const rows = useQuery(trpc.breakers.overrides.queryOptions()).data ?? NONE;
  return useServerValue((nowMs) => rows.filter((row) => row.spec.expiresAtMs === null || row.spec.expiresAtMs > nowMs));
}
