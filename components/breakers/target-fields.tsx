"use client";

import { Controller, useFormContext } from "react-hook-form";
import { overrideTargetId, type OverrideTarget } from "#domain/override.ts";
import { isSameValue } from "#domain/same-value.ts";
import { useLivePart } from "../live/live-provider.tsx";
import { Field } from "../ui/field.tsx";
import { NativeSelect } from "../ui/input.tsx";
import { targetChoice, type OverrideForm } from "./override-form.ts";

const FLEET = "";

/** What is held: calls, or one instance. */
export function TargetField({ targets }: { targets: readonly OverrideTarget[] }) {
  const { control } = useFormContext<OverrideForm>();
  const byId = new Map(targets.map((target) => [overrideTargetId(target), target]));
  const options = (instances: boolean) =>
    [...byId]
      .filter(([, { kind }]) => (kind === "instance") === instances)
      .map(([id, target]) => (
        <option key={id} value={id}>
          {targetChoice(target)}
        </option>
      ));
  const instances = options(true);
  return (
    <Controller
      control={control}
      name="target"
      render={({ field }) => (
        <Field label="Applies to">
          {(attributes) => (
            <NativeSelect
              {...attributes}
              value={overrideTargetId(field.value)}
              onChange={(event) => {
                field.onChange(byId.get(event.target.value));
              }}
            >
              {options(false)}
              {instances.length > 0 && <optgroup label="One instance">{instances}</optgroup>}
            </NativeSelect>
          )}
        </Field>
      )}
    />
  );
}

/** On which gateways. */
export function ScopeField() {
  const { control } = useFormContext<OverrideForm>();
  const gateways = useLivePart(({ picture }) => picture?.gateways.map(({ id }) => id) ?? [], isSameValue);
  return (
    <Controller
      control={control}
      name="scope"
      render={({ field }) => (
        <Field label="Where">
          {(attributes) => (
            <NativeSelect
              {...attributes}
              value={field.value?.kind === "gateway" ? field.value.gatewayId : FLEET}
              onChange={({ target: { value } }) => {
                field.onChange(value === FLEET ? { kind: "fleet" } : { kind: "gateway", gatewayId: value });
              }}
            >
              <option value={FLEET}>All gateways</option>
              {gateways.map((id) => (
                <option key={id} value={id}>
                  Only {id}
                </option>
              ))}
            </NativeSelect>
          )}
        </Field>
      )}
    />
  );
}
