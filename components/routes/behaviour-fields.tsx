"use client";

import { Controller, useFormContext } from "react-hook-form";
import { DurationInput } from "../ui/duration-input.tsx";
import { errorText } from "../ui/error-text.ts";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { Panel } from "../ui/panel.tsx";
import type { RouteFormInput } from "./route-form-schema.ts";

/** Priority among routes, and the deadline of a request. */
export function BehaviourFields() {
  const { register, control, formState } = useFormContext<RouteFormInput>();
  const { errors } = formState;
  return (
    <Panel title="Behaviour">
      <div className="grid gap-4 sm:grid-cols-2">
        <Controller
          control={control}
          name="spec.timeoutMs"
          render={({ field }) => (
            <Field
              label="Timeout"
              hint="For the whole request, fallback included."
              error={errorText(errors, "spec.timeoutMs")}
            >
              {(attributes) => (
                <DurationInput
                  control={attributes}
                  unitLabel="Unit of timeout"
                  valueMs={field.value ?? Number.NaN}
                  onChange={field.onChange}
                  onBlur={field.onBlur}
                />
              )}
            </Field>
          )}
        />
        <Field
          label="Priority"
          hint="Higher is asked first, before anything else is compared."
          error={errorText(errors, "spec.priority")}
        >
          {(field) => (
            <Input type="number" step={1} {...register("spec.priority", { valueAsNumber: true })} {...field} />
          )}
        </Field>
      </div>
    </Panel>
  );
}
