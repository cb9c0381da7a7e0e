"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTRPC } from "../../api/trpc.ts";

/** The finding about one object that is not over; null while there is none, or it is not known. */
export function useStandingDrift(policyKey: string) {
  const isDrifted = useDriftedKeys().has(policyKey);
  const query = useTRPC().sync.drift.queryOptions(
    { state: "standing", limit: 1, key: policyKey },
    { enabled: isDrifted },
  );
  const findings = useQuery(query).data;
  return isDrifted ? (findings?.[0] ?? null) : null;
}

/** Policy keys of which somebody else changed the node, and nothing has been done about it yet or it is ignored. */
export function useDriftedKeys(): ReadonlySet<string> {
  const keys = useQuery(useTRPC().sync.driftedKeys.queryOptions()).data;
  return useMemo(() => new Set(keys), [keys]);
}
