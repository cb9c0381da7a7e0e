"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import type { PolicyRow } from "#domain/policy.ts";
import { defaultServicePolicy, type ServicePolicySpec } from "#domain/service-policy.ts";
import { useTRPC } from "../api/trpc.ts";
import { upsertRow } from "../policy/upsert-row.ts";

/** Saves drains and weights of a service's instances; all else in its policy stays as it was saved last. */
export function useSaveInstances(service: string, row: PolicyRow<ServicePolicySpec> | null, what: string) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const mutation = useMutation(
    trpc.services.savePolicy.mutationOptions({
      onSuccess: (saved) => {
        queryClient.setQueryData(trpc.services.policies.queryKey(), (rows) => upsertRow(rows, saved));
        toast.success(`${what}: saved as revision ${saved.revision.toString()}`);
      },
      // Refused as stale, most likely: what is shown is then brought up to date, and can be confirmed again.
      onError: () => queryClient.invalidateQueries(trpc.services.policies.queryFilter()),
    }),
  );
  const save = (instances: ServicePolicySpec["instances"], onSaved: () => void): void => {
    const spec = { ...(row?.spec ?? defaultServicePolicy(service)), instances };
    mutation.mutate({ expectedVersion: row?.version ?? null, spec }, { onSuccess: onSaved });
  };
  return { save, isPending: mutation.isPending, error: mutation.error };
}
