"use client";

import { useFormContext, useWatch } from "react-hook-form";
import { HealthCheck } from "#domain/service-policy.ts";
import { NumberField, QuantityField, SelectField, SwitchField, TextField } from "../ui/bound-fields.tsx";
import { Disclosure } from "../ui/disclosure.tsx";
import { Notice } from "../ui/notice.tsx";
import { DURATION_UNITS } from "../ui/quantity.ts";
import { Switch } from "../ui/switch.tsx";
import { useSwitchedPart } from "../ui/use-switched-part.ts";
import { healthCheckInWords, outlierInWords, tlsInWords, type ServicePolicyInput } from "./service-policy-words.ts";

/** When an instance that fails where others do not is left out. */
export function OutlierSection() {
  const { control } = useFormContext<ServicePolicyInput>();
  const outlier = useWatch({ control, name: "outlier" });
  return (
    <Disclosure title="Outlier ejection" {...outlierInWords(outlier)}>
      <SwitchField<ServicePolicyInput>
        path="outlier.enabled"
        label="Leave instances out that fail"
        hint="5xx, timeouts, resets and connect failures count. Each gateway judges by what it sees."
      />
      <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
        <NumberField<ServicePolicyInput> path="outlier.consecutiveFailures" label="Failures in a row" />
        <QuantityField<ServicePolicyInput>
          path="outlier.baseMs"
          label="Left out for"
          units={DURATION_UNITS}
          hint="The n-th time n times as long."
        />
        <QuantityField<ServicePolicyInput> path="outlier.maxMs" label="At most for" units={DURATION_UNITS} />
        <NumberField<ServicePolicyInput>
          path="outlier.maxPercent"
          label="Of all, at most (%)"
          hint="But always one, if there are two."
        />
      </div>
    </Disclosure>
  );
}

const FRESH_CHECK = HealthCheck.parse({});

/** Whether gateways ask instances by themselves. */
export function HealthCheckSection() {
  const { control, setValue, formState } = useFormContext<ServicePolicyInput>();
  const check = useWatch({ control, name: "healthCheck" });
  const [on, turn] = useSwitchedPart<NonNullable<ServicePolicyInput["healthCheck"]>>(
    check,
    (next) => {
      setValue("healthCheck", next, { shouldDirty: true, shouldValidate: formState.isSubmitted });
    },
    FRESH_CHECK,
  );
  return (
    <Disclosure title="Health check" {...healthCheckInWords(check)}>
      <Switch
        label="Ask instances by itself"
        hint="Each gateway sends a GET; 2xx is healthy. What is unhealthy gets no requests."
        checked={on}
        onChange={turn}
      />
      {on && (
        <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
          <TextField<ServicePolicyInput> path="healthCheck.path" label="Path" mono />
          <QuantityField<ServicePolicyInput> path="healthCheck.intervalMs" label="Every" units={DURATION_UNITS} />
          <QuantityField<ServicePolicyInput>
            path="healthCheck.timeoutMs"
            label="Answer within"
            units={DURATION_UNITS}
          />
          <NumberField<ServicePolicyInput> path="healthCheck.healthyAfter" label="Healthy after" hint="good answers." />
          <NumberField<ServicePolicyInput>
            path="healthCheck.unhealthyAfter"
            label="Unhealthy after"
            hint="bad answers or none."
          />
        </div>
      )}
    </Disclosure>
  );
}

const MODES = [
  { value: "auto", label: "as each instance registered" },
  { value: "on", label: "always" },
  { value: "off", label: "never" },
];

/** Whether calls to instances are encrypted. */
export function TlsSection() {
  const { control } = useFormContext<ServicePolicyInput>();
  const tls = useWatch({ control, name: "tls" });
  return (
    <Disclosure title="TLS to instances" {...tlsInWords(tls)}>
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField<ServicePolicyInput> path="tls.mode" label="TLS" options={MODES} />
        <TextField<ServicePolicyInput>
          path="tls.serverName"
          label="Server name"
          optional
          placeholder="the address it registered"
          hint="Asked for and verified."
        />
      </div>
      <SwitchField<ServicePolicyInput>
        path="tls.verify"
        label="Verify certificates"
        hint="Off: any certificate is taken, also a stranger's. For trials only."
      />
      {tls?.verify === false && (
        <Notice tone="warn" role="note" title="Whoever is in between can read and change these calls" />
      )}
    </Disclosure>
  );
}
