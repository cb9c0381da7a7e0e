"use client";

import { useState, type ReactNode } from "react";
import { toast } from "sonner";
import { messageOf } from "../api/mesh-error.ts";
import { useMayEdit } from "../identity/use-session.ts";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { Notice } from "../ui/notice.tsx";

interface RemovePolicyButtonProps {
  /** Whose policy it is, as it follows "the policy for". */
  readonly target: string;
  readonly remove: () => Promise<{ readonly revision: number }>;
  /** What binds then. */
  readonly children: ReactNode;
}

/** Removes a saved policy, after saying what then binds. */
export function RemovePolicyButton({ target, remove, children }: RemovePolicyButtonProps) {
  const mayEdit = useMayEdit();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const confirm = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      const { revision } = await remove();
      setAsking(false);
      toast.success(`Policy removed as revision ${revision.toString()}`);
    } catch (error) {
      setProblem(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button
        disabled={!mayEdit}
        onClick={() => {
          setProblem(null);
          setAsking(true);
        }}
      >
        Remove policy…
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Remove the policy for ${target}?`}
        confirm="Remove policy"
        danger
        busy={busy}
        onConfirm={() => void confirm()}
      >
        {children}
        {problem !== null && (
          <Notice tone="bad" role="alert">
            {problem}
          </Notice>
        )}
      </ConfirmDialog>
    </>
  );
}
