"use client";

import { useRef, type ReactNode } from "react";
import { FormProvider, useWatch, type FieldValues, type UseFormReturn } from "react-hook-form";
import type { PolicyKind } from "#domain/policy.ts";
import { DeliveryStrip } from "../delivery/delivery-strip.tsx";
import { DriftNotice } from "../sync/drift/drift-notice.tsx";
import { useMayEdit } from "../identity/use-session.ts";
import { Button } from "../ui/button.tsx";
import { errorList } from "../ui/error-list.ts";
import { ErrorSummary } from "../ui/error-summary.tsx";
import { errorText } from "../ui/error-text.ts";
import { goToField } from "../ui/go-to-field.ts";
import { Notice } from "../ui/notice.tsx";
import { useUnsavedGuard } from "../ui/use-unsaved-guard.tsx";
import type { VersionedEdit } from "./use-versioned-edit.ts";
import { VersionedEditNotice } from "./versioned-edit-notice.tsx";

interface PolicyFormProps<Spec, Values extends FieldValues, Output> {
  readonly kind: PolicyKind;
  readonly form: UseFormReturn<Values, unknown, Output>;
  readonly edit: VersionedEdit<Spec, Output>;
  readonly onReset: () => void;
  /** What a field is called on the page; given, all that keep the policy from being saved are listed by the button. */
  readonly nameOf?: (path: string) => string;
  /** Offered while there is a saved policy. */
  readonly remove: ReactNode;
  readonly children: ReactNode;
}

/** Frame of a form for one policy: how far the last edit came, the fields, what keeps it from being saved, the buttons. */
export function PolicyForm<Spec, Values extends FieldValues, Output>(props: PolicyFormProps<Spec, Values, Output>) {
  const { kind, form, edit, onReset, nameOf, remove, children } = props;
  const mayEdit = useMayEdit();
  const element = useRef<HTMLFormElement>(null);
  const { errors, isDirty, isSubmitting, isSubmitted } = form.formState;
  const mine = useWatch({ control: form.control });
  const guard = useUnsavedGuard(isDirty);
  const refusal = errorText(errors, "root.console");
  const { base } = edit;
  const goTo = (path: string): void => {
    if (element.current !== null) goToField(element.current, path);
  };
  const showFirst = (found: object): void => {
    const first = errorList(found)[0];
    if (first !== undefined) goTo(first.path);
  };
  return (
    <FormProvider {...form}>
      <form
        ref={element}
        className="flex flex-col gap-5"
        noValidate
        onSubmit={(event) => void form.handleSubmit(edit.submit, showFirst)(event)}
      >
        {base !== null && (
          <div className="flex flex-col gap-2">
            <DriftNotice policyKey={`${kind}/${base.id}`} />
            <DeliveryStrip policyKey={`${kind}/${base.id}`} revision={base.revision} saving={edit.saving} />
          </div>
        )}
        <fieldset disabled={!mayEdit || edit.saving} className="contents">
          {children}
        </fieldset>
        <div className="sticky bottom-13 z-10 -mx-4 -mb-4 flex flex-col gap-2 rounded-b-lg border-t border-line bg-surface px-4 py-3 lg:bottom-0">
          {refusal !== undefined && (
            <Notice tone="bad" role="alert" title="Not saved">
              {refusal}
            </Notice>
          )}
          {isSubmitted && nameOf !== undefined && <ErrorSummary errors={errors} nameOf={nameOf} onGoTo={goTo} />}
          <VersionedEditNotice edit={edit} what="policy" mine={mine} />
          <div className="flex flex-wrap items-center gap-2">
            <Button type="submit" variant="primary" disabled={!mayEdit || isSubmitting || (base !== null && !isDirty)}>
              {isSubmitting ? "Saving…" : "Save policy"}
            </Button>
            <Button disabled={!mayEdit} onClick={onReset}>
              Reset to defaults
            </Button>
            {base !== null && remove}
            <span className="text-sm text-ink-3">{isDirty ? "Not saved yet" : ""}</span>
          </div>
        </div>
      </form>
      {guard}
    </FormProvider>
  );
}
