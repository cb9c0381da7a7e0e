"use client";

import { useFormContext, useWatch } from "react-hook-form";
import type { Readmission } from "#domain/breaker-policy.ts";
import { ListField, NumberField, QuantityField } from "../../ui/bound-fields.tsx";
import { DURATION_UNITS } from "../../ui/quantity.ts";
import { Switch } from "../../ui/switch.tsx";
import { useSwitchedPart } from "../../ui/use-switched-part.ts";
import type { PolicyFormInput, SettingsInput } from "./policy-form-input.ts";
import { PolicyPart } from "./policy-part.tsx";
import { PolicySectionBox } from "./policy-section-box.tsx";
import { backoffInWords, budgetInWords, FRESH_READMISSION, readmissionInWords } from "./policy-words.ts";
import { SettingInput } from "./setting-input.tsx";

/** How an open breaker closes again. */
export function RecoveryPart() {
  const settings = useWatch<PolicyFormInput, "settings">({ name: "settings" });
  return (
    <PolicyPart
      title="How it comes back"
      says={`${readmissionInWords(settings).summary}.`}
      more={
        <>
          <BackoffSection settings={settings} />
          <ReadmissionSection settings={settings} />
        </>
      }
    >
      <div className="grid gap-4 sm:grid-cols-3">
        <SettingInput name="sleepWindowMs" />
        <SettingInput name="halfOpenPermits" />
      </div>
    </PolicyPart>
  );
}

function BackoffSection({ settings }: { settings: SettingsInput }) {
  return (
    <PolicySectionBox
      title="Failed trials"
      words={backoffInWords(settings)}
      fields={["settings.sleepBackoffFactor", "settings.sleepWindowMaxMs", "settings.sleepJitterPercent"]}
    >
      <div className="grid gap-4 sm:grid-cols-3">
        <SettingInput name="sleepBackoffFactor" step={0.1} />
        <SettingInput name="sleepWindowMaxMs" />
        <SettingInput name="sleepJitterPercent" />
      </div>
    </PolicySectionBox>
  );
}

function ReadmissionSection({ settings }: { settings: SettingsInput }) {
  const { setValue, formState } = useFormContext<PolicyFormInput>();
  const [on, turn] = useSwitchedPart<NonNullable<SettingsInput["readmission"]>>(
    settings.readmission,
    (next) => {
      setValue("settings.readmission", next, { shouldDirty: true, shouldValidate: formState.isSubmitted });
    },
    FRESH_READMISSION satisfies Readmission,
  );
  return (
    <PolicySectionBox
      title="Graded return"
      words={on ? { ...readmissionInWords(settings), summary: "A share of the calls at first" } : OFF}
      fields={["settings.readmission"]}
    >
      <Switch
        label="Let calls through by and by"
        hint="Instead of all at once after the trials: a service that has just come back is not run over. The rest go to the fallbacks."
        checked={on}
        onChange={turn}
      />
      {on && (
        <>
          <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
            <ListField<PolicyFormInput>
              path="settings.readmission.steps"
              label="Steps (%)"
              numbers
              hint="Each lets more through. Default 1, 5, 25."
            />
            <QuantityField<PolicyFormInput>
              path="settings.readmission.stepMs"
              label="A step lasts"
              units={DURATION_UNITS}
              hint="At least. Default 5 s."
            />
            <NumberField<PolicyFormInput>
              path="settings.readmission.stepCalls"
              label="Calls in a step"
              hint="At least. Default 5."
            />
            <NumberField<PolicyFormInput>
              path="settings.readmission.errorBudgetPercent"
              label="Error budget (%)"
              hint="Failed and slow calls. Default 10 %."
            />
          </div>
          <p className="text-sm text-ink-2">
            {readmissionInWords(settings).summary}. {budgetInWords(settings)}
          </p>
        </>
      )}
    </PolicySectionBox>
  );
}

const OFF = { summary: "Off: all calls at once after the trials", set: false };
