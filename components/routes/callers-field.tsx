"use client";

import { Controller, useFormContext } from "react-hook-form";
import { errorTextWithin } from "../ui/error-text.ts";
import { Field } from "../ui/field.tsx";
import { ListInput } from "../ui/list-input.tsx";
import { PickChip } from "../ui/pick-chip.tsx";
import type { RouteFormInput } from "./route-form-schema.ts";
import { useRoutableServices } from "./use-routable-services.ts";

/** So many names fit on a line or two; with more, one types. */
const SUGGESTIONS_MAX = 12;

/** Which services may call, typed or picked among those the registry knows. */
export function CallersField({ match }: { match: number }) {
  const { control, formState } = useFormContext<RouteFormInput>();
  const path = `spec.matches.${match}.callers` as const;
  const known = useRoutableServices().slice(0, SUGGESTIONS_MAX);
  return (
    <Controller
      control={control}
      name={path}
      render={({ field: { value = [], onChange, onBlur, ref } }) => (
        <Field
          label="Callers"
          labelContext={`of match ${(match + 1).toString()}`}
          path={path}
          hint="Services that call through their egress listener. Empty: anyone, from outside too."
          error={errorTextWithin(formState.errors, path)}
        >
          {(attributes) => (
            <div className="flex flex-col gap-1">
              <ListInput
                {...attributes}
                ref={ref}
                onBlur={onBlur}
                value={value}
                onChange={onChange}
                parseItem={String}
                placeholder="any caller"
              />
              <div className="flex flex-wrap gap-1">
                {known.map((name) => {
                  const chosen = value.includes(name);
                  return (
                    <PickChip
                      key={name}
                      label={name}
                      chosen={chosen}
                      onPick={() => {
                        onChange(chosen ? value.filter((caller) => caller !== name) : [...value, name]);
                      }}
                    />
                  );
                })}
              </div>
            </div>
          )}
        </Field>
      )}
    />
  );
}
