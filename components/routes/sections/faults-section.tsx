"use client";

import { TriangleAlert } from "lucide-react";
import { useFormContext, useWatch } from "react-hook-form";
import { Badge } from "../../ui/badge.tsx";
import { NumberField, QuantityField } from "../../ui/bound-fields.tsx";
import { Disclosure } from "../../ui/disclosure.tsx";
import { Notice } from "../../ui/notice.tsx";
import { DURATION_UNITS } from "../../ui/quantity.ts";
import { Switch } from "../../ui/switch.tsx";
import { ConditionsFields } from "../conditions-fields.tsx";
import { useOptionalPart } from "../optional-part.ts";
import { FRESH, type RouteFormInput } from "../route-form-schema.ts";
import { faultsInWords } from "./section-words.ts";

/** Trouble made on purpose; while it is on, callers really do get it. */
export function FaultsSection() {
  const { control } = useFormContext<RouteFormInput>();
  const faults = useWatch({ control, name: "spec.faults" });
  const [on, turn] = useOptionalPart("spec.faults", FRESH.faults);
  return (
    <Disclosure
      title="Faults"
      path="spec.faults"
      {...faultsInWords(faults)}
      badge={
        on && (
          <Badge tone="bad" icon={TriangleAlert}>
            On
          </Badge>
        )
      }
    >
      <Switch
        label="Make trouble on purpose"
        hint="To see how callers take it. They get real delays and real errors."
        checked={on}
        onChange={turn}
      />
      {on && <FaultsFields />}
    </Disclosure>
  );
}

function FaultsFields() {
  const { control } = useFormContext<RouteFormInput>();
  const headers = useWatch({ control, name: "spec.faults.headers" }) ?? [];
  const [delays, turnDelay] = useOptionalPart("spec.faults.delay", FRESH.delay);
  const [aborts, turnAbort] = useOptionalPart("spec.faults.abort", FRESH.abort);
  return (
    <>
      {(delays || aborts) && headers.length === 0 && (
        <Notice tone="warn" role="note" title="This hits everybody's requests">
          A header condition below keeps it to requests that ask for it.
        </Notice>
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        <div className="flex flex-col gap-3">
          <Switch label="Delay" hint="Requests wait before they go on." checked={delays} onChange={turnDelay} />
          {delays && (
            <div className="grid grid-cols-2 gap-3">
              <QuantityField<RouteFormInput>
                path="spec.faults.delay.ms"
                label="By"
                labelContext="so much delay"
                units={DURATION_UNITS}
              />
              <NumberField<RouteFormInput>
                path="spec.faults.delay.percent"
                label="Of requests (%)"
                labelContext="that are delayed"
                step={0.1}
              />
            </div>
          )}
        </div>
        <div className="flex flex-col gap-3">
          <Switch
            label="Abort"
            hint="Requests are answered here; the service is not asked."
            checked={aborts}
            onChange={turnAbort}
          />
          {aborts && (
            <div className="grid grid-cols-2 gap-3">
              <NumberField<RouteFormInput> path="spec.faults.abort.status" label="With status" hint="400 to 599." />
              <NumberField<RouteFormInput>
                path="spec.faults.abort.percent"
                label="Of requests (%)"
                labelContext="that are aborted"
                step={0.1}
              />
            </div>
          )}
        </div>
      </div>
      <fieldset>
        <legend className="mb-1 text-sm font-medium text-ink-2">
          Only for requests with{" "}
          <span className="font-normal text-ink-3">all of these headers; none: every request</span>
        </legend>
        <ConditionsFields path="spec.faults.headers" one="header" context="of the faults" max={8} />
      </fieldset>
    </>
  );
}
