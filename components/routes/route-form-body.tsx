"use client";

import type { ReactNode } from "react";
import { FormProvider, useFormState } from "react-hook-form";
import { Button, ButtonLink } from "../ui/button.tsx";
import { errorText } from "../ui/error-text.ts";
import { Notice } from "../ui/notice.tsx";
import { useUnsavedGuard } from "../ui/use-unsaved-guard.tsx";
import { links } from "../links.ts";
import { BasicsFields } from "./basics-fields.tsx";
import { BehaviourFields } from "./behaviour-fields.tsx";
import { DestinationsFields } from "./destinations-fields.tsx";
import { MatchesFields } from "./matches-fields.tsx";
import type { RouteFormApi } from "./route-form.ts";
import type { RouteFormOutput } from "./route-form-schema.ts";

interface RouteFormBodyProps {
  readonly form: RouteFormApi;
  readonly isNew: boolean;
  readonly mayEdit: boolean;
  readonly routeId: string;
  /** Stands above the buttons: a refused save, a newer version. */
  readonly notice?: ReactNode;
  /** False while leaving is no loss, as right after saving. */
  readonly guarded: boolean;
  /** True while the console is being asked: what is typed meanwhile would be lost when its answer arrives. */
  readonly saving: boolean;
  readonly onSave: (values: RouteFormOutput) => Promise<void>;
}

/** All fields of a route and the bar that saves them. */
export function RouteFormBody({ form, isNew, mayEdit, routeId, notice, guarded, saving, onSave }: RouteFormBodyProps) {
  const { errors, isDirty, isSubmitting, isSubmitted } = useFormState({ control: form.control });
  const guard = useUnsavedGuard(guarded && isDirty);
  const refusal = errorText(errors, "root.console");
  const hasErrors = Object.keys(errors).some((key) => key !== "root");
  return (
    <FormProvider {...form}>
      <form
        className="flex max-w-5xl flex-col gap-4"
        noValidate
        onSubmit={(event) => void form.handleSubmit(onSave)(event)}
      >
        <fieldset disabled={!mayEdit || saving} className="contents">
          <BasicsFields isNew={isNew} />
          <MatchesFields />
          <DestinationsFields routeId={routeId} />
          <BehaviourFields />
        </fieldset>
        <div className="sticky bottom-13 z-10 flex flex-col gap-2 border-t border-line bg-canvas py-3 lg:bottom-0">
          {refusal !== undefined && (
            <Notice tone="bad" role="alert" title="Not saved">
              {refusal}
            </Notice>
          )}
          {notice}
          <div className="flex items-center gap-2">
            <Button type="submit" variant="primary" disabled={!mayEdit || isSubmitting || (!isNew && !isDirty)}>
              {isSubmitting ? "Saving…" : isNew ? "Create route" : "Save"}
            </Button>
            <ButtonLink href={links.routes()}>{isDirty ? "Cancel" : "Back to routes"}</ButtonLink>
            <span className="ml-2 text-sm text-ink-3">
              {!mayEdit
                ? "Your role may look, not edit."
                : isSubmitted && hasErrors
                  ? "Some fields need attention."
                  : isDirty
                    ? "Not saved yet"
                    : ""}
            </span>
          </div>
        </div>
      </form>
      {guard}
    </FormProvider>
  );
}
