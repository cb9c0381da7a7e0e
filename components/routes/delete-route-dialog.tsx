"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import type { PolicyRow } from "#domain/policy.ts";
import type { RouteSpec } from "#domain/route.ts";
import { messageOf } from "../api/mesh-error.ts";
import { useTRPC } from "../api/trpc.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { Notice } from "../ui/notice.tsx";
import { RouteRemoval } from "./route-removal.tsx";

interface DeleteRouteDialogProps {
  readonly row: PolicyRow<RouteSpec>;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onDeleted?: () => void;
}

/** Says what deleting the route affects now, then does it. */
export function DeleteRouteDialog({ row, open, onOpenChange, onDeleted }: DeleteRouteDialogProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const remove = useMutation(
    trpc.routes.remove.mutationOptions({
      onSuccess: async ({ revision }) => {
        toast.success(`Route ${row.id} deleted as revision ${revision.toString()}`);
        onOpenChange(false);
        onDeleted?.();
        await queryClient.invalidateQueries(trpc.routes.list.queryFilter());
      },
    }),
  );
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(next) => {
        remove.reset();
        onOpenChange(next);
      }}
      title={`Delete route ${row.id}?`}
      confirm="Delete route"
      danger
      busy={remove.isPending}
      onConfirm={() => {
        remove.mutate({ id: row.id, expectedVersion: row.version });
      }}
    >
      <RouteRemoval id={row.id} />
      {remove.isError && (
        <Notice tone="bad" role="alert">
          {messageOf(remove.error)}
        </Notice>
      )}
    </ConfirmDialog>
  );
}
