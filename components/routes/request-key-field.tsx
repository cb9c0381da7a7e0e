"use client";

import type { ReactNode } from "react";
import { Controller, useFormContext, type FieldPath, type FieldValues } from "react-hook-form";
import { z } from "zod";
import { errorTextWithin } from "../ui/error-text.ts";
import { Field } from "../ui/field.tsx";
import { RequestKeyInput } from "./request-key-input.tsx";

/** A key while its name is still being typed. */
const KeyInForm = z.discriminatedUnion("kind", [
  z.object({ kind: z.enum(["address", "caller"]) }),
  z.object({ kind: z.enum(["header", "cookie", "query"]), name: z.string() }),
]);

interface RequestKeyFieldProps<Values extends FieldValues> {
  readonly path: FieldPath<Values>;
  readonly label: string;
  readonly labelContext?: string;
  readonly hint?: ReactNode;
  readonly none?: string;
  readonly className?: string;
}

/** The key requests are told apart by, bound to the form around it. */
export function RequestKeyField<Values extends FieldValues>(props: RequestKeyFieldProps<Values>) {
  const { path, none, ...field } = props;
  const { control, formState } = useFormContext<Values>();
  const context = field.labelContext === undefined ? "" : ` ${field.labelContext}`;
  return (
    <Controller
      control={control}
      name={path}
      render={({ field: { value, onChange, onBlur } }) => {
        const known = KeyInForm.safeParse(value);
        return (
          <Field {...field} path={path} error={errorTextWithin(formState.errors, path)}>
            {(attributes) => (
              <RequestKeyInput
                control={attributes}
                value={known.success ? known.data : null}
                onChange={onChange}
                onBlur={onBlur}
                nameLabel={`Name for ${field.label.toLowerCase()}${context}`}
                {...(none !== undefined && { none })}
              />
            )}
          </Field>
        );
      }}
    />
  );
}
