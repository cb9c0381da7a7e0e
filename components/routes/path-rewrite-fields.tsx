"use client";

import { useRef } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import { TextField } from "../ui/bound-fields.tsx";
import { Field } from "../ui/field.tsx";
import { NativeSelect } from "../ui/input.tsx";
import type { RouteFormInput } from "./route-form-schema.ts";

const HINTS = {
  prefix: "What a match “at or below” took is replaced by this; of other matches, the whole path.",
  full: "The whole path. {name} stands for what a template's parameter took.",
} as const;

interface PathRewriteFieldsProps {
  readonly path: "spec.rewritePath" | "spec.answer.path";
  /** What is done with the path: `Path`, `Path of the address`. */
  readonly label: string;
}

/** How a path is replaced. */
export function PathRewriteFields({ path, label }: PathRewriteFieldsProps) {
  const { control, setValue, formState } = useFormContext<RouteFormInput>();
  const rewrite = useWatch({ control, name: path });
  const typed = useRef("/");
  const kind = rewrite?.kind;
  const choose = (next: string): void => {
    typed.current = rewrite?.value ?? typed.current;
    const { current: value } = typed;
    const chosen =
      next === "prefix" ? ({ kind: next, value } as const) : next === "full" ? ({ kind: next, value } as const) : null;
    setValue(path, chosen, { shouldDirty: true, shouldValidate: formState.isSubmitted });
  };
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label={label}>
        {(attributes) => (
          <NativeSelect
            {...attributes}
            value={kind ?? ""}
            onChange={(event) => {
              choose(event.target.value);
            }}
          >
            <option value="">stays as it is</option>
            <option value="prefix">replace the matched part</option>
            <option value="full">replace the whole path</option>
          </NativeSelect>
        )}
      </Field>
      {kind !== undefined && (
        <TextField<RouteFormInput> path={`${path}.value`} label="New path" mono hint={HINTS[kind]} />
      )}
    </div>
  );
}
