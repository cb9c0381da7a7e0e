"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, type ReactNode } from "react";
import { toast } from "sonner";
import type { DriftDecision } from "#domain/drift.ts";
import { messageOf } from "../../api/mesh-error.ts";
import { useTRPC } from "../../api/trpc.ts";
import { plainText } from "../../diff/plain-text.ts";
import { useMayEdit } from "../../identity/use-session.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { adoptRefusal } from "./adopt-refusal.ts";
import { DRIFT_PANEL } from "./drift-words.ts";
import type { ShownFinding } from "./shown-finding.ts";

const DONE: Readonly<Record<DriftDecision, string>> = {
  restore: "The publisher writes the database’s value back",
  adopt: "What was found is saved as an edit",
  ignore: "The node is left as it was found",
};

/** What can be done about a finding that is open or ignored, and what each would do. Nothing once it is over. */
export function Decisions({ finding }: { finding: ShownFinding }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const mayEdit = useMayEdit();
  const decide = useMutation(
    trpc.sync.decide.mutationOptions({
      onSuccess: (_answer, { decision }) => {
        toast.success(DONE[decision]);
        // The button that was pressed is gone, or dead: the keyboard goes on from the list.
        document.getElementById(DRIFT_PANEL)?.focus({ preventScroll: true });
      },
      // Refused, too: most often because the node has changed since.
      onSettled: () => queryClient.invalidateQueries(trpc.sync.pathFilter()),
    }),
  );
  if (finding.state !== "open" && finding.state !== "ignored") return null;
  const refusal = adoptRefusal({ ...finding, database: finding.database ?? null });
  const name = plainText(finding.key);
  const choose = (decision: DriftDecision) => (): void => {
    // The second half of a double click comes before the button is drawn as disabled.
    if (queryClient.isMutating({ mutationKey: trpc.sync.decide.mutationKey() }) > 0) return;
    decide.mutate({ id: finding.id, foundHash: finding.foundHash, decision });
  };
  const blocked = !mayEdit || decide.isPending;
  return (
    <div className="flex flex-col gap-2">
      <div className="grid gap-2 md:grid-cols-3">
        <Choice label="Restore" disabled={blocked} onChoose={choose("restore")}>
          {finding.database === null || finding.database === undefined
            ? `Marks ${name} as removed again, as in the database. Gateways that took it from ZooKeeper drop it.`
            : `Writes the database’s value of ${name} back. Gateways that took what was found return to it.`}
        </Choice>
        <Choice label="Adopt" disabled={blocked || refusal !== null} onChoose={choose("adopt")}>
          {refusal ??
            (finding.found === null || finding.found === undefined
              ? `Removes ${name} from the database too, in your name. Every gateway then drops it.`
              : `Saves what was found as a new revision of ${name}, in your name. Every gateway then applies it.`)}
        </Choice>
        <Choice label="Ignore" disabled={blocked || finding.state === "ignored"} onChoose={choose("ignore")}>
          {finding.state === "ignored"
            ? "It is ignored already."
            : "Leaves the node as it is while it stays so. Gateways keep to what was published; only one that starts without a saved snapshot takes what stands there. The next edit of the object writes over it."}
        </Choice>
      </div>
      {!mayEdit && <p className="text-sm text-ink-3">Operators and administrators may decide.</p>}
      {decide.isError && (
        <Notice tone="bad" role="alert" title="Not done">
          {messageOf(decide.error)}
        </Notice>
      )}
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly disabled: boolean;
  readonly onChoose: () => void;
  readonly children: ReactNode;
}

function Choice({ label, disabled, onChoose, children }: ChoiceProps) {
  const wordsId = useId();
  return (
    <div className="flex flex-col items-start gap-1.5 rounded border border-line bg-surface p-2">
      <Button size="sm" disabled={disabled} aria-describedby={wordsId} onClick={onChoose}>
        {label}
      </Button>
      <p id={wordsId} className="text-sm break-words text-ink-2">
        {children}
      </p>
    </div>
  );
}
