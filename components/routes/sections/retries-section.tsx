"use client";

import { useFormContext, useWatch } from "react-hook-form";
import { DEFAULT_RETRY, RETRY_REASONS } from "#domain/route-actions.ts";
import { ChoicesField, ListField, NumberField, QuantityField, SwitchField } from "../../ui/bound-fields.tsx";
import { Disclosure } from "../../ui/disclosure.tsx";
import { DURATION_UNITS } from "../../ui/quantity.ts";
import { Switch } from "../../ui/switch.tsx";
import { useOptionalPart } from "../optional-part.ts";
import type { RouteFormInput } from "../route-form-schema.ts";
import { RETRY_WORDS, retriesInWords } from "./section-words.ts";

const REASONS = RETRY_REASONS.map((value) => ({ value, label: `on ${RETRY_WORDS[value]}` }));

/** Whether, when and how often another instance is tried. */
export function RetriesSection() {
  const { control } = useFormContext<RouteFormInput>();
  const retry = useWatch({ control, name: "spec.retry" });
  const [on, turn] = useOptionalPart("spec.retry", DEFAULT_RETRY);
  return (
    <Disclosure title="Retries" path="spec.retry" {...retriesInWords(retry)}>
      <Switch
        label="Try again at another instance"
        hint="Never once a part of a body has gone out that the gateway does not hold."
        checked={on}
        onChange={turn}
      />
      {on && (
        <>
          <ChoicesField<RouteFormInput>
            path="spec.retry.on"
            label="Tried again"
            hint="a connect failure is always safe: nothing was sent"
            options={REASONS}
          />
          <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
            <NumberField<RouteFormInput> path="spec.retry.retries" label="Tries after the first" hint="1 to 5." />
            <ListField<RouteFormInput>
              path="spec.retry.statuses"
              label="Statuses"
              numbers
              hint="Answers that count as a failure, where statuses are tried again."
            />
            <QuantityField<RouteFormInput>
              path="spec.retry.perTryTimeoutMs"
              label="Timeout of one try"
              units={DURATION_UNITS}
              optional
              placeholder="the breaker's"
              hint="Until the head of the answer. Empty: only the breaker's timeout counts."
            />
            <QuantityField<RouteFormInput>
              path="spec.retry.backoffMs"
              label="Back-off"
              units={DURATION_UNITS}
              hint="Before the n-th retry a random time of up to this × 2ⁿ⁻¹ passes."
            />
            <NumberField<RouteFormInput>
              path="spec.retry.budgetPercent"
              label="Budget (%)"
              hint="Retries as a share of the route's requests; above it the first failure stands."
            />
          </div>
          <SwitchField<RouteFormInput>
            path="spec.retry.anyMethod"
            label="Any method"
            hint="Off: only methods that may safely be repeated (GET, HEAD, PUT, DELETE, OPTIONS). On: a POST may be carried out twice, unless only connect failures are tried again."
          />
        </>
      )}
    </Disclosure>
  );
}
