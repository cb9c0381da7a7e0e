"use client";

import { useState } from "react";
import { Controller, useFormContext } from "react-hook-form";
import { DEFAULT_OVERRIDE_MS } from "#domain/override.ts";
import { errorText } from "../ui/error-text.ts";
import { Field } from "../ui/field.tsx";
import { NativeSelect } from "../ui/input.tsx";
import { Notice } from "../ui/notice.tsx";
import { QuantityInput } from "../ui/quantity-input.tsx";
import type { OverrideForm } from "./override-form.ts";

const MINUTE_MS = 60_000;
const CHOICES = [
  { value: String(5 * MINUTE_MS), label: "After 5 minutes" },
  { value: String(DEFAULT_OVERRIDE_MS), label: "After 15 minutes" },
  { value: String(60 * MINUTE_MS), label: "After 1 hour" },
  { value: String(240 * MINUTE_MS), label: "After 4 hours" },
];
const OTHER = "other";
const UNTIL_LIFTED = "lifted";
const UNITS = { s: 1000, min: MINUTE_MS, h: 60 * MINUTE_MS } as const;

/** When the override ends: after a while, unless somebody chooses otherwise. */
export function ExpiryField() {
  const { control, formState } = useFormContext<OverrideForm>();
  const [choice, setChoice] = useState(String(DEFAULT_OVERRIDE_MS));
  const error = errorText(formState.errors, "durationMs");
  return (
    <Controller
      control={control}
      name="durationMs"
      render={({ field }) => (
        <>
          <Field label="Ends" error={choice === OTHER ? undefined : error}>
            {(attributes) => (
              <NativeSelect
                {...attributes}
                value={choice}
                onChange={({ target: { value } }) => {
                  setChoice(value);
                  if (value === UNTIL_LIFTED) field.onChange(null);
                  // A free time begins with what was chosen before.
                  else field.onChange(value === OTHER ? (field.value ?? DEFAULT_OVERRIDE_MS) : Number(value));
                }}
              >
                {CHOICES.map(({ value, label }) => (
                  <option key={value} value={value}>
                    {label}
                  </option>
                ))}
                <option value={OTHER}>After another time…</option>
                <option value={UNTIL_LIFTED}>Not by itself: when I lift it</option>
              </NativeSelect>
            )}
          </Field>
          {choice === OTHER && (
            <Field label="Ends after" hint="From 1 s to 30 days" error={error}>
              {(attributes) => (
                <QuantityInput
                  control={attributes}
                  unitLabel="Unit of the time it ends after"
                  units={UNITS}
                  value={field.value}
                  inputRef={field.ref}
                  onBlur={field.onBlur}
                  onChange={(next) => {
                    field.onChange(next ?? Number.NaN);
                  }}
                />
              )}
            </Field>
          )}
          {choice === UNTIL_LIFTED && (
            <Notice tone="warn" title="It does not end by itself" className="sm:col-span-2">
              It holds until somebody presses “Back to automatic”, over restarts and outages, even when everybody has
              forgotten why.
            </Notice>
          )}
        </>
      )}
    />
  );
}
