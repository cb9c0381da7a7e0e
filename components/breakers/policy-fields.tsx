"use client";

import type { z } from "zod";
import type { BreakerPolicySpec } from "#domain/breaker-policy.ts";
import { NumberField, QuantityField, SwitchField, TextField } from "../ui/bound-fields.tsx";
import { DURATION_UNITS } from "../ui/quantity.ts";
import { SETTING_FIELDS, settingHint, type SettingField } from "./policy-settings.ts";

export type PolicyFormInput = z.input<typeof BreakerPolicySpec>;

/** All settings of a breaker with unit, meaning and default. */
export function PolicyFields({ service }: { service: string }) {
  return (
    <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
      {SETTING_FIELDS.map((setting) => (
        <SettingInput key={setting.name} setting={setting} />
      ))}
      <TextField<PolicyFormInput>
        path="settings.group"
        label="Group"
        hint={`Hystrix command group. Empty: ${service}.`}
        placeholder={service}
      />
      <SwitchField<PolicyFormInput>
        path="settings.enabled"
        label="Opens by itself"
        hint="Off: calls are counted, never refused."
        className="sm:pt-5"
      />
    </div>
  );
}

function SettingInput({ setting }: { setting: SettingField }) {
  const shared = { path: `settings.${setting.name}`, label: setting.label, hint: settingHint(setting) } as const;
  return setting.unit === "time" ? (
    <QuantityField<PolicyFormInput> units={DURATION_UNITS} {...shared} />
  ) : (
    <NumberField<PolicyFormInput> {...shared} />
  );
}
