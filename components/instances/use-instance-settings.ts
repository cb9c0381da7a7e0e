"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTRPC } from "../api/trpc.ts";
import type { SettingsOf } from "./instance-row.ts";

/** The same each time: rows made with it stay. */
const NOTHING_SET: ReturnType<SettingsOf> = {};

/** What is set for the instances of every service; undefined while it is being asked for. */
export function useInstanceSettings(): SettingsOf | undefined {
  const policies = useQuery(useTRPC().services.policies.queryOptions()).data;
  return useMemo(() => {
    if (policies === undefined) return undefined;
    const byService = new Map(policies.map(({ id, spec }) => [id, spec.instances]));
    return (service) => byService.get(service) ?? NOTHING_SET;
  }, [policies]);
}
