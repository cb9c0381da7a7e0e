"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { FormProvider, useForm, useWatch } from "react-hook-form";
import { toast } from "sonner";
import { BreakerPolicySpec, DEFAULT_BREAKER_SETTINGS, type BreakerTarget } from "#domain/breaker-policy.ts";
import type { PolicyRow } from "#domain/policy.ts";
import { useTRPC } from "../api/trpc.ts";
import { upsertRow } from "../api/upsert-row.ts";
import { useVersionedEdit } from "../api/use-versioned-edit.ts";
import { DeliveryStrip } from "../delivery/delivery-strip.tsx";
import { useMayEdit } from "../identity/use-session.ts";
import { Button } from "../ui/button.tsx";
import { errorText } from "../ui/error-text.ts";
import { formMessage } from "../ui/form-messages.ts";
import { Notice } from "../ui/notice.tsx";
import { useUnsavedGuard } from "../ui/use-unsaved-guard.tsx";
import { VersionedEditNotice } from "../ui/versioned-edit-notice.tsx";
import { BackupFields } from "./backup-fields.tsx";
import { PolicyFields, type PolicyFormInput } from "./policy-fields.tsx";
import { RemovePolicyButton } from "./remove-policy-button.tsx";

type Row = PolicyRow<BreakerPolicySpec>;

interface PolicyEditorProps {
  readonly target: BreakerTarget;
  /** The saved policy; null while there is none. */
  readonly row: Row | null;
  /** What binds while there is none: a new policy starts from it. */
  readonly inherited: BreakerPolicySpec | null;
}

/** Settings and backups of one target, saved on top of the version they were loaded from. */
export function PolicyEditor({ target, row, inherited }: PolicyEditorProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const mayEdit = useMayEdit();
  const savePolicy = useMutation(trpc.breakers.savePolicy.mutationOptions());
  const valuesOf = (saved: Row | null): BreakerPolicySpec =>
    saved?.spec ?? {
      target,
      settings: inherited?.settings ?? DEFAULT_BREAKER_SETTINGS,
      fallbacks: inherited?.fallbacks ?? [],
    };
  const form = useForm<PolicyFormInput, unknown, BreakerPolicySpec>({
    resolver: zodResolver(BreakerPolicySpec, { error: formMessage }),
    defaultValues: valuesOf(row),
  });
  const edit = useVersionedEdit<BreakerPolicySpec, PolicyFormInput, BreakerPolicySpec>({
    form,
    row,
    schema: BreakerPolicySpec,
    valuesOf,
    save: async (spec, base) => {
      const saved = await savePolicy.mutateAsync({ expectedVersion: base?.version ?? null, spec });
      queryClient.setQueryData(trpc.breakers.policies.queryKey(), (rows) => upsertRow(rows, saved));
      toast.success(`Policy saved as revision ${saved.revision.toString()}`);
      return saved;
    },
  });
  const { errors, isDirty, isSubmitting } = form.formState;
  const mine = useWatch({ control: form.control });
  const guard = useUnsavedGuard(isDirty);
  const { base } = edit;

  return (
    <FormProvider {...form}>
      <form className="flex flex-col gap-5" noValidate onSubmit={(event) => void form.handleSubmit(edit.submit)(event)}>
        {base !== null && (
          <DeliveryStrip policyKey={`breakers/${base.id}`} revision={base.revision} saving={isSubmitting} />
        )}
        <fieldset disabled={!mayEdit || edit.saving} className="contents">
          <PolicyFields service={target.service} />
          <BackupFields />
        </fieldset>
        {errorText(errors, "root.console") !== undefined && (
          <Notice tone="bad" role="alert" title="Not saved">
            {errorText(errors, "root.console")}
          </Notice>
        )}
        <VersionedEditNotice edit={edit} what="policy" mine={mine} />
        <div className="flex flex-wrap items-center gap-2">
          <Button type="submit" variant="primary" disabled={!mayEdit || isSubmitting || (base !== null && !isDirty)}>
            {isSubmitting ? "Saving…" : "Save policy"}
          </Button>
          <Button
            disabled={!mayEdit}
            onClick={() => {
              form.setValue("settings", DEFAULT_BREAKER_SETTINGS, { shouldDirty: true, shouldValidate: true });
            }}
          >
            Reset to defaults
          </Button>
          {base !== null && <RemovePolicyButton row={base} />}
          <span className="text-sm text-ink-3">{isDirty ? "Not saved yet" : ""}</span>
        </div>
      </form>
      {guard}
    </FormProvider>
  );
}
