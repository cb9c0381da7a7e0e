"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTRPC } from "../../api/trpc.ts";

/** Findings asked for at once. */
export const FINDINGS_LIMIT = 200;

/** The finding about one object that is not over; null while there is none, or it is not known. */
export function useStandingDrift(policyKey: string) {
  return useStanding().data?.find(({ key }) => key === policyKey) ?? null;
}

/** Policy keys of which somebody else changed the node, and nothing has been done about it yet or it is ignored. */
export function useDriftedKeys(): ReadonlySet<string> {
  const findings = useStanding().data;
  return useMemo(() => new Set(findings?.map(({ key }) => key)), [findings]);
}

function useStanding() {
  return useQuery(useTRPC().sync.drift.queryOptions({ state: "standing", limit: FINDINGS_LIMIT }));
}
