import { NumberField } from "../ui/bound-fields.tsx";
import { Panel } from "../ui/panel.tsx";
import { THRESHOLDS } from "./field-names.ts";
import type { HealthFormInput } from "./health-form-input.ts";

/** What binds every service without an override. */
export function ThresholdFields() {
  return (
    <Panel title="All services" note="an open breaker, or no instance for the calls that come, is failing in any case">
      <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2">
        {THRESHOLDS.map(({ field, label, hint }) => (
          <NumberField<HealthFormInput>
            key={field}
            path={`thresholds.${field}`}
            label={label}
            hint={hint}
            step={field.startsWith("errorPercent") ? 0.1 : 1}
          />
        ))}
      </div>
    </Panel>
  );
}
