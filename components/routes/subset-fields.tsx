"use client";

import { Controller, useFormContext, useWatch, type FieldPath, type FieldValues } from "react-hook-form";
import { isSameValue } from "#domain/same-value.ts";
import type { Labels } from "#domain/service.ts";
import { useLivePart } from "../live/live-provider.tsx";
import { errorText, errorTextWithin } from "../ui/error-text.ts";
import { Field } from "../ui/field.tsx";
import { SuggestInput } from "../ui/suggest-input.tsx";
import { knownLabels } from "./known-services.ts";
import { LabelsInput } from "./labels-input.tsx";
import { useRoutableServices } from "./use-routable-services.ts";
import { z } from "zod";

interface SubsetFieldsProps<Values extends FieldValues> {
  readonly servicePath: FieldPath<Values>;
  readonly labelsPath: FieldPath<Values>;
  /** Whose they are: `of destination 1`. */
  readonly context: string;
  /** Stand below the fields while nothing is wrong with them. */
  readonly serviceHint?: string | undefined;
  readonly labelsHint?: string | undefined;
  readonly labelsClassName?: string;
}

const LabelsInForm = z.record(z.string(), z.string());

/** A service, and the labels of those of its instances that are meant; both with what the registry knows to pick from. */
export function SubsetFields<Values extends FieldValues>(props: SubsetFieldsProps<Values>) {
  const { servicePath, labelsPath, context, serviceHint, labelsHint, labelsClassName } = props;
  const { control, formState } = useFormContext<Values>();
  const services = useRoutableServices();
  const typed: unknown = useWatch({ control, name: servicePath });
  const service = typeof typed === "string" ? typed : "";
  const known = useLivePart(({ picture }) => knownLabels(picture, service), isSameValue);
  return (
    <>
      <Controller
        control={control}
        name={servicePath}
        render={({ field }) => (
          <Field
            label="Service"
            labelContext={context}
            path={servicePath}
            error={errorText(formState.errors, servicePath)}
            hint={serviceHint}
          >
            {(attributes) => (
              <SuggestInput
                control={attributes}
                value={service}
                onChange={field.onChange}
                onBlur={field.onBlur}
                inputRef={field.ref}
                items={services}
              />
            )}
          </Field>
        )}
      />
      <Controller
        control={control}
        name={labelsPath}
        render={({ field }) => (
          <Field
            label="Labels"
            labelContext={context}
            path={labelsPath}
            className={labelsClassName}
            error={
              errorTextWithin(formState.errors, labelsPath) === undefined
                ? undefined
                : "Write labels as key=value, separated by commas; at most 8"
            }
            hint={labelsHint}
          >
            {(attributes) => (
              <LabelsInput
                control={attributes}
                value={labelsIn(field.value)}
                onChange={field.onChange}
                onBlur={field.onBlur}
                inputRef={field.ref}
                known={known}
              />
            )}
          </Field>
        )}
      />
    </>
  );
}

function labelsIn(value: unknown): Labels {
  const labels = LabelsInForm.safeParse(value);
  return labels.success ? labels.data : {};
}
