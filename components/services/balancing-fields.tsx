"use client";

import { useRef } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import type { RequestKey } from "#domain/route-actions.ts";
import type { Balancing } from "#domain/service-policy.ts";
import { NumberField, QuantityField, TextField } from "../ui/bound-fields.tsx";
import { RequestKeyField } from "../routes/request-key-field.tsx";
import { Field } from "../ui/field.tsx";
import { NativeSelect } from "../ui/input.tsx";
import { DURATION_UNITS } from "../ui/quantity.ts";
import type { ServicePolicyInput } from "./service-policy-words.ts";

const KINDS: readonly { readonly value: Balancing["kind"]; readonly label: string; readonly hint: string }[] = [
  { value: "round-robin", label: "By turns", hint: "Smooth weighted round robin." },
  {
    value: "least-requests",
    label: "Least requests in flight",
    hint: "Of two taken at random, the one with fewer for its weight. For calls of very different length.",
  },
  { value: "random", label: "At random", hint: "By weight." },
  {
    value: "hash",
    label: "Same key, same instance",
    hint: "Consistent hashing: few keys move when instances come and go. For caches and sessions.",
  },
];

/** How the next instance is chosen. */
export function BalancingFields() {
  const { control, setValue } = useFormContext<ServicePolicyInput>();
  const balancing = useWatch({ control, name: "balancing" });
  const kind = balancing?.kind ?? "round-robin";
  const kept = useRef<RequestKey>({ kind: "header", name: "" });
  const choose = (value: string): void => {
    if (balancing?.kind === "hash") kept.current = balancing.by;
    const next = KINDS.find((candidate) => candidate.value === value)?.value ?? "round-robin";
    setValue("balancing", next === "hash" ? { kind: next, by: kept.current } : { kind: next }, { shouldDirty: true });
  };
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label="Algorithm" path="balancing" hint={KINDS.find(({ value }) => value === kind)?.hint}>
        {(attributes) => (
          <NativeSelect
            {...attributes}
            value={kind}
            onChange={(event) => {
              choose(event.target.value);
            }}
          >
            {KINDS.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </NativeSelect>
        )}
      </Field>
      {kind === "hash" && (
        <RequestKeyField<ServicePolicyInput>
          path="balancing.by"
          label="Key"
          hint="A request without it goes by turns."
        />
      )}
      <TextField<ServicePolicyInput>
        path="localityLabel"
        label="Locality label"
        placeholder="no preference"
        hint="Metadata that says where an instance is. Instances where the gateway is come first; when too few of them are healthy, others help out."
      />
      <QuantityField<ServicePolicyInput>
        path="slowStartMs"
        label="Slow start"
        units={DURATION_UNITS}
        hint="A new instance's share grows from a tenth to all over this time. 0: at once."
      />
      <NumberField<ServicePolicyInput>
        path="panicPercent"
        label="Panic threshold (%)"
        hint="With fewer healthy instances than this, all are used: better some failures than all load on a few."
      />
    </div>
  );
}
