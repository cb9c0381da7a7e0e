"use client";

import { toast } from "sonner";
import type { SavedView } from "#domain/saved-view.ts";
import { messageOf } from "../../api/mesh-error.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Notice } from "../../ui/notice.tsx";
import { useRemoveView } from "./use-saved-views.ts";

interface DeleteViewDialogProps {
  readonly view: SavedView;
  readonly onDeleted: () => void;
  readonly onClose: () => void;
}

/** Asks before a view is deleted, and says for whom. */
export function DeleteViewDialog({ view, onDeleted, onClose }: DeleteViewDialogProps) {
  const remove = useRemoveView(view.mine);
  const pins = view.state.pins.length;
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={`Delete the view ${view.name}?`}
      confirm="Delete"
      danger
      busy={remove.isPending}
      onConfirm={() => {
        remove.mutate(
          { id: view.id },
          {
            onSuccess: () => {
              toast.success(`Deleted the view ${view.name}`);
              onDeleted();
              onClose();
            },
          },
        );
      }}
    >
      <p>
        {view.shared
          ? `Everybody sees it${view.mine ? "" : `; ${view.ownerName} made it`}. It goes for all, and links to it show the topology as usual.`
          : "Only you see it. Links to it show the topology as usual."}
        {pins > 0 && ` The places of ${pins.toString()} pinned ${pins === 1 ? "node" : "nodes"} go with it.`}
      </p>
      <p>Nothing of the mesh changes.</p>
      {remove.error !== null && (
        <Notice tone="bad" role="alert" title="Not deleted">
          {messageOf(remove.error)}
        </Notice>
      )}
    </ConfirmDialog>
  );
}
