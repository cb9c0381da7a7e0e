"use client";

import { targetInWords } from "#domain/override.ts";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import type { BreakerPolicySpec } from "#domain/breaker-policy.ts";
import type { PolicyRow } from "#domain/policy.ts";
import { messageOf } from "../api/mesh-error.ts";
import { useTRPC } from "../api/trpc.ts";
import { useMayEdit } from "../identity/use-session.ts";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { Notice } from "../ui/notice.tsx";

/** Removes a saved policy, after saying what then binds. */
export function RemovePolicyButton({ row }: { row: PolicyRow<BreakerPolicySpec> }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const mayEdit = useMayEdit();
  const [asking, setAsking] = useState(false);
  const remove = useMutation(
    trpc.breakers.removePolicy.mutationOptions({
      onSuccess: async ({ revision }) => {
        toast.success(`Policy removed as revision ${revision.toString()}`);
        setAsking(false);
        await queryClient.invalidateQueries(trpc.breakers.policies.queryFilter());
      },
    }),
  );
  const { target, fallbacks } = row.spec;
  return (
    <>
      <Button
        disabled={!mayEdit}
        onClick={() => {
          setAsking(true);
        }}
      >
        Remove policy…
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Remove the policy for ${targetInWords(target)}?`}
        confirm="Remove policy"
        danger
        busy={remove.isPending}
        onConfirm={() => {
          remove.mutate({ id: row.id, expectedVersion: row.version });
        }}
      >
        <p>
          {target.kind === "command"
            ? `Then the policy for all calls to ${target.service} binds, or the defaults.`
            : "Then the defaults bind."}
          {fallbacks.length > 0 && ` Its ${fallbacks.length === 1 ? "backup" : "backups"} will no longer be asked.`}
        </p>
        {remove.isError && (
          <Notice tone="bad" role="alert">
            {messageOf(remove.error)}
          </Notice>
        )}
      </ConfirmDialog>
    </>
  );
}
