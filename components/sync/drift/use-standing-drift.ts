"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "../../api/trpc.ts";

/** Findings asked for at once. */
export const FINDINGS_LIMIT = 200;

/** The finding about one object that is not over; null while there is none, or it is not known. */
export function useStandingDrift(policyKey: string) {
  const findings = useQuery(useTRPC().sync.drift.queryOptions({ state: "standing", limit: FINDINGS_LIMIT }));
  return findings.data?.find(({ key }) => key === policyKey) ?? null;
}
