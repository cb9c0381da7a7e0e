"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { DEFAULT_OVERRIDE_MS, targetInWords, type OverrideSpec } from "#domain/override.ts";
import type { PolicyRow } from "#domain/policy.ts";
import { messageOf } from "../api/mesh-error.ts";
import { useTRPC } from "../api/trpc.ts";
import { formatSpan } from "../format/time.ts";
import { useMayEdit } from "../identity/use-session.ts";
import { Button } from "../ui/button.tsx";

/** Gives an override more time; nothing for one without an end. */
export function ExtendButton({ row }: { row: PolicyRow<OverrideSpec> }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const mayEdit = useMayEdit();
  const more = formatSpan(DEFAULT_OVERRIDE_MS);
  const extend = useMutation(
    trpc.breakers.extend.mutationOptions({
      onSuccess: async ({ revision }) => {
        toast.success(`${more} more, saved as revision ${revision.toString()}`);
        await queryClient.invalidateQueries(trpc.breakers.pathFilter());
      },
      onError: (error) => toast.error(`Not extended: ${messageOf(error)}`),
    }),
  );
  if (row.spec.expiresAtMs === null) return null;
  return (
    <Button
      size="sm"
      disabled={!mayEdit || extend.isPending}
      onClick={() => {
        extend.mutate({ id: row.id, byMs: DEFAULT_OVERRIDE_MS });
      }}
    >
      Extend by {more}
      <span className="sr-only"> {targetInWords(row.spec.target)}</span>
    </Button>
  );
}
