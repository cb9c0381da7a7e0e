"use client";

import { useQuery } from "@tanstack/react-query";
import { hasExpired, type OverrideSpec } from "#domain/override.ts";
import type { PolicyRow } from "#domain/policy.ts";
import { useTRPC } from "../api/trpc.ts";
import { useLiveStore } from "../live/live-provider.tsx";
import { useServerValue } from "../live/use-now.ts";
import { heldOverrides, type HeldOverride } from "./held-override.ts";

const NONE: readonly PolicyRow<OverrideSpec>[] = [];
/** Overrides that could not be read are asked for this often, ms: no edit may follow that would tell of them. */
const ASK_AGAIN_MS = 5000;

function useSavedOverrides(): readonly PolicyRow<OverrideSpec>[] | undefined {
  const trpc = useTRPC();
  return useQuery(
    trpc.breakers.overrides.queryOptions(undefined, {
      refetchInterval: ({ state }) => (state.data === undefined ? ASK_AGAIN_MS : false),
    }),
  ).data;
}

/** Overrides in force, as saved. One past its expiry is left out even before the console has cleared it away. */
export function useActiveOverrides(): readonly PolicyRow<OverrideSpec>[] {
  const rows = useSavedOverrides() ?? NONE;
  return useServerValue((nowMs) => rows.filter((row) => !hasExpired(row.spec, nowMs)));
}

/** Overrides in force to be shown, by what gateways say where the saved ones could not be read. */
export function useHeldOverrides(): readonly HeldOverride[] {
  const rows = useSavedOverrides();
  const store = useLiveStore();
  return useServerValue((nowMs) => heldOverrides(rows, store.get().picture, nowMs));
}
