"use client";

import { NumberField, QuantityField } from "../../ui/bound-fields.tsx";
import { DURATION_UNITS } from "../../ui/quantity.ts";
import { SETTING_FIELDS, settingHint } from "./policy-settings.ts";
import type { PolicyFormInput } from "./policy-form-input.ts";

interface SettingInputProps {
  readonly name: keyof typeof SETTING_FIELDS;
  /** Smallest step of a number, 1 unless said otherwise. */
  readonly step?: number;
}

/** One number of a breaker with its unit, meaning and default. */
export function SettingInput({ name, step = 1 }: SettingInputProps) {
  const { label, unit } = SETTING_FIELDS[name];
  const shared = { path: `settings.${name}`, label, hint: settingHint(name) } as const;
  return unit === "time" ? (
    <QuantityField<PolicyFormInput> units={DURATION_UNITS} {...shared} />
  ) : (
    <NumberField<PolicyFormInput> step={step} {...shared} />
  );
}
