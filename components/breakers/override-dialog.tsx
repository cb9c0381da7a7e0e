"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormProvider, useForm, useWatch } from "react-hook-form";
import { toast } from "sonner";
import {
  DEFAULT_OVERRIDE_MS,
  OverrideDraft,
  overrideId,
  type OverrideMode,
  type OverrideTarget,
} from "#domain/override.ts";
import type { Hold } from "#domain/override-reach.ts";
import { meshErrorOf, messageOf } from "../api/mesh-error.ts";
import { showRefusal } from "../api/show-refusal.ts";
import { useTRPC } from "../api/trpc.ts";
import { formatRate } from "../format/number.ts";
import { TextField } from "../ui/bound-fields.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { errorText } from "../ui/error-text.ts";
import { Notice } from "../ui/notice.tsx";
import { ConfirmField } from "./confirm-field.tsx";
import { ExpiryField } from "./expiry-field.tsx";
import { ForcePreview } from "./force-preview.tsx";
import { forceWord, nameToType, subjectOf, type OverrideForm } from "./override-form.ts";
import { ScopeField, TargetField } from "./target-fields.tsx";
import { useForceCheck, type ForceCheck } from "./use-force-check.ts";

interface OverrideDialogProps {
  /** What it may be set for; the first is chosen. */
  readonly targets: readonly [OverrideTarget, ...OverrideTarget[]];
  readonly mode: OverrideMode;
  readonly onClose: () => void;
}

/** Asks why, where and for how long before something is held by hand, and says what that does to whom. */
export function OverrideDialog({ targets, mode, onClose }: OverrideDialogProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const form = useForm<OverrideForm, unknown, OverrideDraft>({
    resolver: zodResolver(OverrideDraft),
    defaultValues: {
      target: targets[0],
      mode,
      reason: "",
      scope: { kind: "fleet" },
      durationMs: DEFAULT_OVERRIDE_MS,
      confirmed: false,
    },
  });
  const { errors, isSubmitting } = form.formState;
  const [target, scope = { kind: "fleet" }] = useWatch({ control: form.control, name: ["target", "scope"] });
  const hold: Hold = { target, mode, scope };
  const check = useForceCheck(hold);
  const name = nameToType(target);
  const [typed, setTyped] = useState("");
  /** Why it was not saved for want of the name; null: that was not tried yet. */
  const [problem, setProblem] = useState<{ readonly text: string } | null>(null);
  const id = overrideId(target, scope);
  const [askedFor, setAskedFor] = useState("");
  // Traffic goes up and down: a field that is being filled in does not go away.
  if (check.needsConfirmation && askedFor !== id) setAskedFor(id);
  const asks = askedFor === id || problem !== null;
  const force = useMutation(trpc.breakers.force.mutationOptions());
  const word = forceWord(target, mode);

  const submit = form.handleSubmit(async (draft) => {
    const confirmed = typed.trim() === name;
    if (asks && !confirmed) {
      setProblem({ text: `Type ${name}, to say that you mean it` });
      return;
    }
    try {
      const row = await force.mutateAsync({ ...draft, confirmed });
      toast.success(`${word}: saved as revision ${row.revision.toString()}`);
      await queryClient.invalidateQueries(trpc.breakers.pathFilter());
      onClose();
    } catch (error) {
      // Traffic may have grown since it was looked at.
      if (meshErrorOf(error)?.code === "CONFIRMATION_NEEDED") setProblem({ text: messageOf(error) });
      else showRefusal(form, error);
    }
  });
  const refused = errorText(errors, "root.console") ?? errorText(errors, "target.instance");

  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={`${word}: ${subjectOf(target)}`}
    >
      <FormProvider {...form}>
        <form className="flex flex-col gap-3" noValidate onSubmit={(event) => void submit(event)}>
          <TextField<OverrideForm>
            path="reason"
            label="Reason"
            lines={2}
            placeholder="What is going on, for the next person"
          />
          {targets.length > 1 && <TargetField targets={targets} />}
          <div className="grid gap-3 sm:grid-cols-2">
            <ScopeField />
            <ExpiryField />
          </div>
          <ForcePreview hold={hold} check={check} />
          {asks && (
            <ConfirmField name={name} hint={whyConfirm(check)} problem={problem} typed={typed} onType={setTyped} />
          )}
          {refused !== undefined && (
            <Notice tone="bad" role="alert" title="Not saved">
              {refused}
            </Notice>
          )}
          <div className="mt-2 flex justify-end gap-2">
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" variant={mode === "forced-open" ? "danger" : "primary"} disabled={isSubmitting}>
              {word}
            </Button>
          </div>
        </form>
      </FormProvider>
    </Dialog>
  );
}

function whyConfirm({ reach, isLast, stranded, thresholdRps }: ForceCheck): string {
  if (isLast || stranded.length > 0) return "Nobody else would serve.";
  if (thresholdRps === 0 || thresholdRps === null) return "Forcing is always confirmed here.";
  return `It carries ${formatRate(reach?.requestsPerSecond ?? 0)}; from ${formatRate(thresholdRps)} on, forcing is confirmed.`;
}
