"use client";

import { useFormContext } from "react-hook-form";
import { ListField, SwitchField, TextField } from "../ui/bound-fields.tsx";
import { errorText } from "../ui/error-text.ts";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { Panel } from "../ui/panel.tsx";
import type { RouteFormInput } from "./route-form-schema.ts";

/** Name, description, hosts, on or off. */
export function BasicsFields({ isNew }: { isNew: boolean }) {
  const { register, formState } = useFormContext<RouteFormInput>();
  return (
    <Panel title="Route">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label="Name"
          hint={isNew ? "Cannot be changed later. Sent as x-mesh-route." : "Chosen when the route was created."}
          error={errorText(formState.errors, "id")}
        >
          {(field) => <Input {...register("id")} {...field} readOnly={!isNew} className="font-mono" />}
        </Field>
        <TextField<RouteFormInput> path="spec.description" label="Description" />
        <ListField<RouteFormInput>
          path="spec.hosts"
          label="Hosts"
          hint="Separated by commas; empty for any. *.example.com for all names below. Calls from services go to <target>.mesh."
          placeholder="any host"
        />
        <SwitchField<RouteFormInput>
          path="spec.enabled"
          label="Enabled"
          hint="A route that is off matches nothing."
          className="sm:pt-5"
        />
      </div>
    </Panel>
  );
}
