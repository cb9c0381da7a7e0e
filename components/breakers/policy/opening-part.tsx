"use client";

import { useFormContext, useWatch } from "react-hook-form";
import { ListField, QuantityField, SwitchField } from "../../ui/bound-fields.tsx";
import { DURATION_UNITS } from "../../ui/quantity.ts";
import { Switch } from "../../ui/switch.tsx";
import { useSwitchedPart } from "../../ui/use-switched-part.ts";
import type { PolicyFormInput } from "./policy-form-input.ts";
import { PolicyPart } from "./policy-part.tsx";
import { PolicySectionBox } from "./policy-section-box.tsx";
import { failuresInWords, openingInWords, slowCallsInWords } from "./policy-words.ts";
import { SettingInput } from "./setting-input.tsx";

/** When calls are refused. */
export function OpeningPart() {
  const settings = useWatch<PolicyFormInput, "settings">({ name: "settings" });
  return (
    <PolicyPart
      title="When it opens"
      says={openingInWords(settings)}
      more={
        <>
          <FailuresSection />
          <SlowCallsSection />
        </>
      }
    >
      <SwitchField<PolicyFormInput>
        path="settings.enabled"
        label="Opens by itself"
        hint="Off: calls are counted, never refused."
      />
      <div className="grid gap-4 sm:grid-cols-3">
        <SettingInput name="errorThresholdPercent" />
        <SettingInput name="requestVolumeThreshold" />
        <SettingInput name="rollingWindowMs" />
      </div>
    </PolicyPart>
  );
}

function FailuresSection() {
  const settings = useWatch<PolicyFormInput, "settings">({ name: "settings" });
  return (
    <PolicySectionBox
      title="What is a failure"
      words={failuresInWords(settings)}
      fields={["settings.failureStatuses", "settings.countRejections"]}
    >
      <ListField<PolicyFormInput>
        path="settings.failureStatuses"
        label="Answers that count as failed"
        placeholder="none"
        hint="A class like 5xx, a status like 429, or a range like 500-503, separated by commas. Default 5xx."
        className="max-w-md"
      />
      <dl className="grid gap-x-3 gap-y-1 text-sm sm:grid-cols-[auto_1fr]">
        <dt className="font-medium text-ink-2">Always counts as failed</dt>
        <dd className="text-ink-2">no connection, no answer in time, cut off before the answer</dd>
        <dt className="font-medium text-ink-2">Never counts</dt>
        <dd className="text-ink-2">
          callers that leave, refusals by the breaker itself, what a fallback answers. A retry that went well is one
          good call.
        </dd>
      </dl>
      <SwitchField<PolicyFormInput>
        path="settings.countRejections"
        label="Calls refused for want of room count as failed"
        hint="When too many are in flight. As Hystrix does; off: only the service's own failures open it."
      />
    </PolicySectionBox>
  );
}

function SlowCallsSection() {
  const { setValue, formState } = useFormContext<PolicyFormInput>();
  const settings = useWatch<PolicyFormInput, "settings">({ name: "settings" });
  const [on, turn] = useSwitchedPart<number>(
    settings.slowCallMs,
    (next) => {
      setValue("settings.slowCallMs", next, { shouldDirty: true, shouldValidate: formState.isSubmitted });
    },
    500,
  );
  return (
    <PolicySectionBox
      title="Slow calls"
      words={slowCallsInWords(settings)}
      fields={["settings.slowCallMs", "settings.slowCallRatePercent"]}
    >
      <Switch
        label="Opens when too many calls are slow"
        hint="Even when they end well. Calls still waiting for longer than this are among them."
        checked={on}
        onChange={turn}
      />
      {on && (
        <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
          <QuantityField<PolicyFormInput>
            path="settings.slowCallMs"
            label="Slow from"
            units={DURATION_UNITS}
            hint="Until the answer's head has arrived."
          />
          <SettingInput name="slowCallRatePercent" />
        </div>
      )}
    </PolicySectionBox>
  );
}
