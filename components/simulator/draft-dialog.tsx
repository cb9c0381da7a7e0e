"use client";

import { useState } from "react";
import type { RouteSpec } from "#domain/route.ts";
import type { Published } from "#domain/snapshot.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Simulator } from "./simulator.tsx";
import { EMPTY_REQUEST, exampleRequest } from "./typed-request.ts";

interface DraftDialogProps {
  /** All routes, the draft among them instead of its saved version. */
  readonly routes: readonly Published<RouteSpec>[];
  readonly draftId: string;
  readonly onClose: () => void;
}

/** Tries requests against a route that is not saved yet. */
export function DraftDialog({ routes, draftId, onClose }: DraftDialogProps) {
  const [request, setRequest] = useState(() => {
    const draft = routes.find(({ id }) => id === draftId);
    return draft === undefined ? EMPTY_REQUEST : exampleRequest(draft.spec);
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      wide
      title="Try a request against this draft"
      description="As if it were saved now; nothing is sent."
    >
      <Simulator routes={routes} request={request} onRequest={setRequest} draftId={draftId} />
    </Dialog>
  );
}
