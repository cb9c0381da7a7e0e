"use client";

import { useQuery } from "@tanstack/react-query";
import { useRef, useState, type ReactNode } from "react";
import { FormProvider, useFormState, type FieldErrors } from "react-hook-form";
import { useTRPC } from "../api/trpc.ts";
import { DraftDialog } from "../simulator/draft-dialog.tsx";
import { Button, ButtonLink } from "../ui/button.tsx";
import { errorList } from "../ui/error-list.ts";
import { ErrorSummary } from "../ui/error-summary.tsx";
import { errorText } from "../ui/error-text.ts";
import { goToField } from "../ui/go-to-field.ts";
import { Notice } from "../ui/notice.tsx";
import { useUnsavedGuard } from "../ui/use-unsaved-guard.tsx";
import { links } from "../links.ts";
import { ActionFields } from "./action-fields.tsx";
import { BasicsFields } from "./basics-fields.tsx";
import { DraftFindings } from "./draft-findings.tsx";
import { withDraft } from "./draft-routes.ts";
import { fieldPlace } from "./field-place.ts";
import { MatchesFields } from "./matches-fields.tsx";
import type { RouteFormApi } from "./route-form.ts";
import type { RouteFormInput, RouteFormOutput } from "./route-form-schema.ts";
import { SettingsFields } from "./settings-fields.tsx";

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
  const saved = useQuery(useTRPC().routes.list.queryOptions());
  const [tried, setTried] = useState<RouteFormOutput | null>(null);
  const element = useRef<HTMLFormElement>(null);
  const refusal = errorText(errors, "root.console");
  const goTo = (path: string): void => {
    if (element.current !== null) goToField(element.current, path);
  };
  const showFirst = (found: FieldErrors<RouteFormInput>): void => {
    const first = errorList(found)[0];
    if (first !== undefined) goTo(first.path);
  };
  return (
    <FormProvider {...form}>
      <form
        ref={element}
        className="flex max-w-5xl flex-col gap-4"
        noValidate
        onSubmit={(event) => void form.handleSubmit(onSave, showFirst)(event)}
      >
        <fieldset disabled={!mayEdit || saving} className="contents">
          <BasicsFields isNew={isNew} />
          <MatchesFields />
          <ActionFields routeId={routeId} />
          <SettingsFields />
        </fieldset>
        <div className="sticky bottom-13 z-10 flex flex-col gap-2 border-t border-line bg-canvas py-3 lg:bottom-0">
          {refusal !== undefined && (
            <Notice tone="bad" role="alert" title="Not saved">
              {refusal}
            </Notice>
          )}
          {saved.data !== undefined && <DraftFindings saved={saved.data} onGoTo={goTo} />}
          {isSubmitted && <ErrorSummary errors={errors} nameOf={fieldPlace} onGoTo={goTo} />}
          {notice}
          <div className="flex flex-wrap items-center gap-2">
            <Button type="submit" variant="primary" disabled={!mayEdit || isSubmitting || (!isNew && !isDirty)}>
              {isSubmitting ? "Saving…" : isNew ? "Create route" : "Save"}
            </Button>
            <Button
              disabled={saving || saved.data === undefined}
              onClick={() => {
                void form.handleSubmit(setTried, showFirst)();
              }}
            >
              Try a request…
            </Button>
            <ButtonLink href={links.routes()}>{isDirty ? "Cancel" : "Back to routes"}</ButtonLink>
            <span className="ml-2 text-sm text-ink-3">
              {!mayEdit ? "Your role may look, not edit." : isDirty ? "Not saved yet" : ""}
            </span>
          </div>
        </div>
      </form>
      {tried !== null && saved.data !== undefined && (
        <DraftDialog
          routes={withDraft(saved.data, tried.id, tried.spec)}
          draftId={tried.id}
          onClose={() => {
            setTried(null);
          }}
        />
      )}
      {guard}
    </FormProvider>
  );
}
