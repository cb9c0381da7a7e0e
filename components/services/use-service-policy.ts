"use client";

import { useQuery } from "@tanstack/react-query";
import type { PolicyRow } from "#domain/policy.ts";
import type { ServicePolicySpec } from "#domain/service-policy.ts";
import { useTRPC } from "../api/trpc.ts";

export interface ServicePolicyState {
  /** Undefined while it is being asked for; null when the defaults bind. */
  readonly row: PolicyRow<ServicePolicySpec> | null | undefined;
  readonly error: unknown;
  readonly retry: () => void;
}

/** The saved policy of one service. */
export function useServicePolicy(service: string): ServicePolicyState {
  const policies = useQuery(useTRPC().services.policies.queryOptions());
  return {
    row: policies.data === undefined ? undefined : (policies.data.find(({ id }) => id === service) ?? null),
    error: policies.error,
    retry: () => void policies.refetch(),
  };
}
