"use client";

import { useQuery } from "@tanstack/react-query";
import { bindingPolicy, DEFAULT_BREAKER_SETTINGS, type BreakerPolicySpec } from "#domain/breaker-policy.ts";
import { useTRPC } from "../../api/trpc.ts";

/** Settings and fallbacks that bind a route's calls to a service: its own policy, else the service's, else the defaults. */
export function useBindingPolicy(routeId: string, service: string): Pick<BreakerPolicySpec, "settings" | "fallbacks"> {
  const policies = useQuery(useTRPC().breakers.policies.queryOptions()).data;
  const target = { kind: "command", routeId, service } as const;
  return bindingPolicy(target, (id) => policies?.find((row) => row.id === id))?.spec ?? DEFAULT_POLICY;
}

const DEFAULT_POLICY = { settings: DEFAULT_BREAKER_SETTINGS, fallbacks: [] };
