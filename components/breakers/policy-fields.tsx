"use client";

import { Controller, useFormContext } from "react-hook-form";
import type { BreakerPolicySpec } from "#domain/breaker-policy.ts";
import type { z } from "zod";
import { DurationInput } from "../ui/duration-input.tsx";
import { errorText } from "../ui/error-text.ts";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { Switch } from "../ui/switch.tsx";
import { SETTING_FIELDS, settingHint, type SettingField } from "./policy-settings.ts";

export type PolicyFormInput = z.input<typeof BreakerPolicySpec>;

/** All settings of a breaker with unit, meaning and default. */
export function PolicyFields({ service }: { service: string }) {
  const { register, control, formState } = useFormContext<PolicyFormInput>();
  return (
    <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
      {SETTING_FIELDS.map((setting) => (
        <SettingInput key={setting.name} setting={setting} />
      ))}
      <Field
        label="Group"
        hint={`Hystrix command group. Empty: ${service}.`}
        error={errorText(formState.errors, "settings.group")}
      >
        {(attributes) => <Input {...register("settings.group")} {...attributes} placeholder={service} />}
      </Field>
      <Controller
        control={control}
        name="settings.enabled"
        render={({ field }) => (
          <div className="sm:pt-5">
            <Switch
              label="Opens by itself"
              hint="Off: calls are counted, never refused."
              checked={field.value ?? true}
              onChange={field.onChange}
            />
          </div>
        )}
      />
    </div>
  );
}

function SettingInput({ setting }: { setting: SettingField }) {
  const { register, control, formState } = useFormContext<PolicyFormInput>();
  const path = `settings.${setting.name}` as const;
  const error = errorText(formState.errors, path);
  if (setting.unit !== "time") {
    return (
      <Field label={setting.label} hint={settingHint(setting)} error={error}>
        {(attributes) => <Input type="number" step={1} {...register(path, { valueAsNumber: true })} {...attributes} />}
      </Field>
    );
  }
  return (
    <Controller
      control={control}
      name={path}
      render={({ field }) => (
        <Field label={setting.label} hint={settingHint(setting)} error={error}>
          {(attributes) => (
            <DurationInput
              control={attributes}
              unitLabel={`Unit of ${setting.label.toLowerCase()}`}
              valueMs={field.value ?? Number.NaN}
              onChange={field.onChange}
              onBlur={field.onBlur}
            />
          )}
        </Field>
      )}
    />
  );
}
