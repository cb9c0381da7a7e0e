"use client";

import { Controller, useFormContext } from "react-hook-form";
import { CheckChoice } from "../ui/check-choice.tsx";
import { errorText, errorTextWithin } from "../ui/error-text.ts";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { ListInput } from "../ui/list-input.tsx";
import { Panel } from "../ui/panel.tsx";
import { Switch } from "../ui/switch.tsx";
import type { RouteFormInput } from "./route-form-schema.ts";

const LISTENERS = [
  { value: "edge", label: "Edge: requests from outside" },
  { value: "egress", label: "Egress: calls from services" },
] as const;

/** Name, description, on or off; where the route is offered. */
export function BasicsFields({ isNew }: { isNew: boolean }) {
  const { register, control, formState } = useFormContext<RouteFormInput>();
  const { errors } = formState;
  const listenersError = errorTextWithin(errors, "spec.listeners");
  return (
    <Panel title="Route">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label="Name"
          hint={isNew ? "Cannot be changed later. Sent as x-mesh-route." : "Chosen when the route was created."}
          error={errorText(errors, "id")}
        >
          {(field) => <Input {...register("id")} {...field} readOnly={!isNew} className="font-mono" />}
        </Field>
        <Field label="Description" error={errorText(errors, "spec.description")}>
          {(field) => <Input {...register("spec.description")} {...field} />}
        </Field>
        <Controller
          control={control}
          name="spec.hosts"
          render={({ field }) => (
            <Field
              label="Hosts"
              hint="Separated by commas; empty for any. *.example.com for all names below. Calls from services go to <target>.mesh."
              error={errorTextWithin(errors, "spec.hosts")}
            >
              {(attributes) => (
                <ListInput
                  {...attributes}
                  ref={field.ref}
                  onBlur={field.onBlur}
                  value={field.value ?? []}
                  onChange={field.onChange}
                  placeholder="any host"
                />
              )}
            </Field>
          )}
        />
        <Controller
          control={control}
          name="spec.listeners"
          render={({ field }) => (
            <fieldset className="flex flex-col gap-1">
              <legend className="mb-1 text-sm font-medium text-ink-2">Offered on</legend>
              <div className="flex flex-wrap gap-2">
                {LISTENERS.map(({ value, label }) => (
                  <CheckChoice
                    key={value}
                    label={label}
                    checked={field.value?.includes(value) ?? false}
                    onChange={(checked) => {
                      field.onChange(
                        LISTENERS.map((one) => one.value).filter((one) =>
                          one === value ? checked : field.value?.includes(one),
                        ),
                      );
                    }}
                  />
                ))}
              </div>
              {listenersError !== undefined && <p className="text-sm text-bad">{listenersError}</p>}
            </fieldset>
          )}
        />
        <Controller
          control={control}
          name="spec.enabled"
          render={({ field }) => (
            <Switch
              label="Enabled"
              hint="A route that is off matches nothing."
              checked={field.value ?? true}
              onChange={field.onChange}
            />
          )}
        />
      </div>
    </Panel>
  );
}
