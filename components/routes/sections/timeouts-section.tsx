"use client";

import { useFormContext, useWatch } from "react-hook-form";
import { QuantityField } from "../../ui/bound-fields.tsx";
import { Disclosure } from "../../ui/disclosure.tsx";
import { DURATION_UNITS, SIZE_UNITS } from "../../ui/quantity.ts";
import type { RouteFormInput } from "../route-form-schema.ts";
import { timeoutsInWords } from "./section-words.ts";

/** How long a request may take, and how much it may carry. */
export function TimeoutsSection() {
  const { control } = useFormContext<RouteFormInput>();
  const [timeoutMs, idleTimeoutMs, maxBodyBytes] = useWatch({
    control,
    name: ["spec.timeoutMs", "spec.idleTimeoutMs", "spec.maxBodyBytes"],
  });
  return (
    <Disclosure title="Timeouts & body limit" {...timeoutsInWords({ timeoutMs, idleTimeoutMs, maxBodyBytes })}>
      <div className="grid gap-4 sm:grid-cols-3">
        <QuantityField<RouteFormInput>
          path="spec.timeoutMs"
          label="Timeout"
          units={DURATION_UNITS}
          hint="For the whole request, retries and fallback included."
        />
        <QuantityField<RouteFormInput>
          path="spec.idleTimeoutMs"
          label="Idle timeout"
          units={DURATION_UNITS}
          hint="Longest pause between two pieces of a body, either way; also how long a WebSocket may be silent."
        />
        <QuantityField<RouteFormInput>
          path="spec.maxBodyBytes"
          label="Largest request body"
          units={SIZE_UNITS}
          optional
          placeholder="any size"
          hint="Larger ones are refused with 413. Empty: any size."
        />
      </div>
    </Disclosure>
  );
}
