"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { FormProvider, useForm, useWatch } from "react-hook-form";
import { toast } from "sonner";
import { BreakerPolicySpec, DEFAULT_BREAKER_SETTINGS, type BreakerTarget } from "#domain/breaker-policy.ts";
import { ERRORS } from "#domain/errors.ts";
import type { PolicyRow } from "#domain/policy.ts";
import { meshErrorOf } from "../api/mesh-error.ts";
import { CurrentRow } from "../api/policy-row.ts";
import { showRefusal } from "../api/show-refusal.ts";
import { useTRPC } from "../api/trpc.ts";
import { DeliveryStrip } from "../delivery/delivery-strip.tsx";
import { useMayEdit } from "../identity/use-session.ts";
import { Button } from "../ui/button.tsx";
import { errorText } from "../ui/error-text.ts";
import { formMessage } from "../ui/form-messages.ts";
import { Notice } from "../ui/notice.tsx";
import { StaleEditNotice } from "../ui/stale-edit-notice.tsx";
import { useUnsavedGuard } from "../ui/use-unsaved-guard.tsx";
import { BackupFields } from "./backup-fields.tsx";
import { PolicyFields, type PolicyFormInput } from "./policy-fields.tsx";
import { RemovePolicyButton } from "./remove-policy-button.tsx";

type Row = PolicyRow<BreakerPolicySpec>;

function currentRow(current: unknown): Row | null {
  const row = CurrentRow.safeParse(current);
  const spec = BreakerPolicySpec.safeParse(row.data?.spec);
  return row.success && spec.success ? { ...row.data, spec: spec.data } : null;
}

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
  const start: BreakerPolicySpec = row?.spec ?? {
    target,
    settings: inherited?.settings ?? DEFAULT_BREAKER_SETTINGS,
    fallbacks: inherited?.fallbacks ?? [],
  };
  const [base, setBase] = useState(row);
  const [theirs, setTheirs] = useState<Row | null>(null);
  const form = useForm<PolicyFormInput, unknown, BreakerPolicySpec>({
    resolver: zodResolver(BreakerPolicySpec, { error: formMessage }),
    defaultValues: start,
  });
  const { errors, isDirty, isSubmitting } = form.formState;
  const mine = useWatch({ control: form.control });
  const guard = useUnsavedGuard(isDirty);
  const savePolicy = useMutation(trpc.breakers.savePolicy.mutationOptions());

  const adopt = (newer: Row | null, spec: BreakerPolicySpec): void => {
    setBase(newer);
    setTheirs(null);
    form.reset(spec);
  };

  const isOther = row?.version !== base?.version;
  useEffect(() => {
    if (isOther && !isDirty && !savePolicy.isPending) adopt(row, start);
    // `adopt` and `start` are made anew with every rendering and say the same each time.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [isOther, isDirty, row, savePolicy.isPending]);

  const submit = form.handleSubmit(async (spec) => {
    try {
      const saved = await savePolicy.mutateAsync({ expectedVersion: base?.version ?? null, spec });
      adopt(saved, saved.spec);
      toast.success(`Policy saved as revision ${saved.revision.toString()}`);
      await queryClient.invalidateQueries(trpc.breakers.policies.queryFilter());
    } catch (error) {
      const mesh = meshErrorOf(error);
      const current = mesh?.code === "STALE_EDIT" ? currentRow(mesh.current) : null;
      if (current === null) showRefusal(form, error);
      else setTheirs(current);
    }
  });

  return (
    <FormProvider {...form}>
      <form className="flex flex-col gap-5" noValidate onSubmit={(event) => void submit(event)}>
        {base !== null && (
          <DeliveryStrip policyKey={`breakers/${base.id}`} revision={base.revision} saving={isSubmitting} />
        )}
        <fieldset disabled={!mayEdit || savePolicy.isPending} className="contents">
          <PolicyFields service={target.service} />
          <BackupFields />
        </fieldset>
        {errorText(errors, "root.console") !== undefined && (
          <Notice tone="bad" role="alert" title="Not saved">
            {errorText(errors, "root.console")}
          </Notice>
        )}
        {theirs !== null && (
          <StaleEditNotice
            refused
            message={ERRORS.STALE_EDIT.message}
            theirs={theirs}
            mine={mine}
            onLoadTheirs={() => {
              adopt(theirs, theirs.spec);
            }}
            onKeepMine={() => {
              form.reset(theirs.spec, { keepValues: true });
              setBase(theirs);
              setTheirs(null);
            }}
          />
        )}
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
