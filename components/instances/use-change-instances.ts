"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { useTRPC } from "../api/trpc.ts";
import { upsertRow } from "../policy/upsert-row.ts";

/** A change that was saved. */
export interface SavedChange {
  readonly words: string;
  readonly revision: number;
  readonly services: readonly string[];
}

/** Changes instances of any services in one revision. `words` says what was done, for the person who did it. */
export function useChangeInstances(words: string, onSaved?: (saved: SavedChange) => void) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return useMutation(
    trpc.services.changeInstances.mutationOptions({
      onSuccess: (saved) => {
        queryClient.setQueryData(trpc.services.policies.queryKey(), (rows) => saved.reduce(upsertRow, rows));
        const revision = Math.max(...saved.map((row) => row.revision));
        toast.success(`${words}: saved as revision ${revision.toString()}`);
        onSaved?.({ words, revision, services: saved.map(({ id }) => id) });
      },
      // What is shown may have been older than what is saved.
      onError: () => queryClient.invalidateQueries(trpc.services.policies.queryFilter()),
    }),
  );
}
