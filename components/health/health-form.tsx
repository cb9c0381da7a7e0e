"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { FormProvider, useForm, useWatch } from "react-hook-form";
import { toast } from "sonner";
import { DEFAULT_HEALTH_POLICY, HealthPolicySpec, type HealthPolicyRow } from "#domain/health-policy.ts";
import { useTRPC } from "../api/trpc.ts";
import { useMayEdit } from "../identity/use-session.ts";
import { useVersionedEdit } from "../policy/use-versioned-edit.ts";
import { VersionedEditNotice } from "../policy/versioned-edit-notice.tsx";
import { Button } from "../ui/button.tsx";
import { errorList } from "../ui/error-list.ts";
import { ErrorSummary } from "../ui/error-summary.tsx";
import { errorText } from "../ui/error-text.ts";
import { formMessage } from "../ui/form-messages.ts";
import { goToField } from "../ui/go-to-field.ts";
import { Notice } from "../ui/notice.tsx";
import { useUnsavedGuard } from "../ui/use-unsaved-guard.tsx";
import { fieldName } from "./field-names.ts";
import { HealthPreview } from "./health-preview.tsx";
import type { HealthFormInput } from "./health-form-input.ts";
import { OverridesFields } from "./overrides-fields.tsx";
import { ThresholdFields } from "./threshold-fields.tsx";

/** The thresholds, what they would change now, and saving them. Figures may be tried out by whoever may not save. */
export function HealthForm({ row }: { row: HealthPolicyRow }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const mayEdit = useMayEdit();
  const element = useRef<HTMLFormElement>(null);
  const save = useMutation(trpc.health.save.mutationOptions());
  const form = useForm<HealthFormInput, unknown, HealthPolicySpec>({
    resolver: zodResolver(HealthPolicySpec, { error: formMessage }),
    defaultValues: row.spec,
    mode: "onTouched",
    shouldFocusError: false,
  });
  const edit = useVersionedEdit<HealthPolicySpec, HealthFormInput, HealthPolicySpec>({
    form,
    row,
    schema: HealthPolicySpec,
    valuesOf: (saved) => saved?.spec ?? DEFAULT_HEALTH_POLICY,
    save: async (spec, base) => {
      const saved = await save.mutateAsync({ expectedVersion: base?.version ?? 0, spec });
      queryClient.setQueryData(trpc.health.get.queryKey(), saved);
      toast.success("Thresholds saved: every console judges by them within seconds");
      return saved;
    },
  });
  const { errors, isDirty, isSubmitting, isSubmitted } = form.formState;
  const mine = useWatch({ control: form.control });
  const guard = useUnsavedGuard(isDirty && mayEdit);
  const refusal = errorText(errors, "root.console");
  const goTo = (path: string): void => {
    if (element.current !== null) goToField(element.current, path);
  };
  return (
    <FormProvider {...form}>
      <form
        ref={element}
        className="grid items-start gap-4 xl:grid-cols-[1fr_22rem]"
        noValidate
        onSubmit={(event) =>
          void form.handleSubmit(edit.submit, (found) => {
            const [first] = errorList(found);
            if (first !== undefined) goTo(first.path);
          })(event)
        }
      >
        <fieldset disabled={edit.saving} className="flex min-w-0 flex-col gap-4">
          <ThresholdFields />
          <OverridesFields />
        </fieldset>
        <HealthPreview saved={edit.base?.spec ?? DEFAULT_HEALTH_POLICY} />
        <div className="sticky bottom-13 z-10 flex flex-col gap-2 rounded-lg border border-line bg-surface px-4 py-3 lg:bottom-2 xl:col-span-2">
          {refusal !== undefined && (
            <Notice tone="bad" role="alert" title="Not saved">
              {refusal}
            </Notice>
          )}
          {isSubmitted && <ErrorSummary errors={errors} nameOf={fieldName} onGoTo={goTo} />}
          <VersionedEditNotice edit={edit} what="set of thresholds" mine={mine} />
          <div className="flex flex-wrap items-center gap-2">
            <Button type="submit" variant="primary" disabled={!mayEdit || isSubmitting || !isDirty}>
              {isSubmitting ? "Saving…" : "Save thresholds"}
            </Button>
            <Button
              onClick={() => {
                form.reset(DEFAULT_HEALTH_POLICY, { keepDefaultValues: true });
              }}
            >
              Reset to defaults
            </Button>
            <span className="text-sm text-ink-3">{isDirty ? "Not saved yet" : ""}</span>
          </div>
        </div>
      </form>
      {guard}
    </FormProvider>
  );
}
