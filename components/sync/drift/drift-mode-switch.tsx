"use client";

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import type { DriftMode } from "#domain/drift.ts";
import { messageOf } from "../../api/mesh-error.ts";
import { useTRPC } from "../../api/trpc.ts";
import { useMayAdminister } from "../../identity/use-session.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Switch } from "../../ui/switch.tsx";

const HINTS: Readonly<Record<DriftMode, string>> = {
  repair: "Now: the database’s value is written back at once, and the finding is kept here and in the audit log.",
  hold: "Now: the node is left as it was found until somebody restores, adopts or ignores it. Other objects are published as usual.",
};

/** What comes of a node that somebody else changed. Turning it asks first: it holds for the whole mesh. */
export function DriftModeSwitch({ mode }: { mode: DriftMode }) {
  const mayAdminister = useMayAdminister();
  const [asking, setAsking] = useState<DriftMode | null>(null);
  const set = useMutation(
    useTRPC().sync.setDriftMode.mutationOptions({
      onSuccess: () => {
        toast.success("The setting is saved");
        setAsking(null);
      },
      onError: (error) => {
        toast.error(messageOf(error));
      },
    }),
  );
  return (
    <div className="border-b border-line px-4 py-3">
      <Switch
        label="Hold what others change, and ask"
        hint={mayAdminister ? HINTS[mode] : `${HINTS[mode]} Administrators may change this.`}
        disabled={!mayAdminister}
        checked={mode === "hold"}
        onChange={(hold) => {
          setAsking(hold ? "hold" : "repair");
        }}
      />
      <ConfirmDialog
        open={asking !== null}
        onOpenChange={(open) => {
          if (!open) setAsking(null);
        }}
        title={asking === "repair" ? "Put changes right at once?" : "Hold changes, and ask?"}
        confirm={asking === "repair" ? "Put right at once" : "Hold and ask"}
        busy={set.isPending}
        onConfirm={() => {
          if (asking !== null) set.mutate({ mode: asking });
        }}
      >
        {asking === "repair" ? (
          <>
            <p>
              From now on a published node that somebody else changed, removed or spoilt is written over with the
              database’s value as soon as it is found.
            </p>
            <p>What waits for a decision now is written over, too. What is ignored stays ignored.</p>
          </>
        ) : (
          <>
            <p>
              From now on a node that somebody else changed stays as it is until a person decides. Gateways keep to what
              was published; only one that starts without a saved snapshot takes what stands there.
            </p>
            <p>Edits of other objects are published as usual.</p>
          </>
        )}
      </ConfirmDialog>
    </div>
  );
}
