"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { modeInWords, targetInWords, type OverrideSpec } from "#domain/override.ts";
import type { PolicyRow } from "#domain/policy.ts";
import { messageOf } from "../api/mesh-error.ts";
import { useTRPC } from "../api/trpc.ts";
import { useLive } from "../live/live-provider.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Notice } from "../ui/notice.tsx";
import { liftEffect } from "./force-effect.ts";

/** Says what ending an override does to whom, then ends it. */
export function LiftDialog({ row, onClose }: { row: PolicyRow<OverrideSpec>; onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { picture } = useLive();
  const lift = useMutation(
    trpc.breakers.lift.mutationOptions({
      onSuccess: async ({ revision }) => {
        toast.success(`Back to automatic, saved as revision ${revision.toString()}`);
        await queryClient.invalidateQueries(trpc.breakers.pathFilter());
        onClose();
      },
    }),
  );
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={`Back to automatic: ${targetInWords(row.spec.target)}`}
      description={liftEffect(picture?.breakers ?? [], row.spec)}
    >
      <p className="text-ink-2">
        {modeInWords(row.spec)} by {row.spec.actor}: “{row.spec.reason}”
      </p>
      {lift.isError && (
        <Notice tone="bad" role="alert" title="Not saved" className="mt-3">
          {messageOf(lift.error)}
        </Notice>
      )}
      <div className="mt-5 flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          variant="primary"
          disabled={lift.isPending}
          onClick={() => {
            lift.mutate({ id: row.id });
          }}
        >
          Back to automatic
        </Button>
      </div>
    </Dialog>
  );
}
