"use client";

import { useState } from "react";
import { settingInForce, InstanceSetting } from "#domain/service-policy.ts";
import type { InstanceAction } from "#domain/instance-change.ts";
import { useLivePart } from "../live/live-provider.tsx";
import { Field } from "../ui/field.tsx";
import { formMessage } from "../ui/form-messages.ts";
import { Input } from "../ui/input.tsx";
import { SegmentedControl } from "../ui/segmented-control.tsx";
import type { InstanceRef } from "./instance-row.ts";
import { useInstanceSettings } from "./use-instance-settings.ts";

const WAYS = { set: "Set to", half: "Half", double: "Double", registered: "As registered" } as const;
type Way = keyof typeof WAYS;

/** A weight as far as it is said. */
export interface WeightChoice {
  readonly way: Way;
  readonly setWay: (way: string) => void;
  readonly typed: string;
  readonly setTyped: (typed: string) => void;
  /** What is wrong with what is typed. */
  readonly problem: string | undefined;
  /** Null while something is. */
  readonly action: InstanceAction | null;
}

const HINTS = {
  half: "Of the weight each has now; who has a share keeps one of at least 1.",
  double: "Of the weight each has now, up to 1000.",
  registered: "What each says of itself counts, now and when it says something else; 100 where it says nothing.",
} as const;

const isWay = (text: string): text is Way => Object.hasOwn(WAYS, text);

/** Begins with the weight in force when there is one instance, else with one share. */
export function useWeightChoice(chosen: readonly InstanceRef[]): WeightChoice {
  const now = useWeightInForce(chosen);
  const [way, setWay] = useState<Way>("set");
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? now.toString();
  const parsed = InstanceSetting.shape.weight.unwrap().safeParse(text.trim() === "" ? Number.NaN : Number(text), {
    error: formMessage,
  });
  const set: InstanceAction | null = parsed.success ? { kind: "set-weight", weight: parsed.data } : null;
  return {
    way,
    setWay: (next) => {
      if (isWay(next)) setWay(next);
    },
    typed: text,
    setTyped,
    problem: parsed.success ? undefined : parsed.error.issues[0]?.message,
    action: way === "set" ? set : ACTIONS[way],
  };
}

const ACTIONS = {
  half: { kind: "scale-weight", factor: 0.5 },
  double: { kind: "scale-weight", factor: 2 },
  registered: { kind: "unset-weight" },
} as const satisfies Record<Exclude<Way, "set">, InstanceAction>;

function useWeightInForce(chosen: readonly InstanceRef[]): number {
  const settings = useInstanceSettings();
  const [only] = chosen.length === 1 ? chosen : [];
  const instances = useLivePart(
    ({ picture }) => picture?.services.find(({ name }) => name === only?.service)?.instances,
  );
  if (only === undefined) return settingInForce({}, { id: "", weight: null }).weight;
  const weight = instances?.find(({ id }) => id === only.id)?.weight ?? null;
  return settingInForce(settings?.(only.service) ?? {}, { id: only.id, weight }).weight;
}

/** A weight for all, half or double of what each has, or what each registered. */
export function WeightFields({ choice }: { choice: WeightChoice }) {
  const { way, setWay, typed, setTyped, problem } = choice;
  return (
    <>
      <div>
        <SegmentedControl
          label="How to change it"
          options={Object.entries(WAYS).map(([value, label]) => ({ value, label }))}
          value={way}
          onChange={setWay}
        />
      </div>
      {way === "set" ? (
        <Field label="Weight" hint="Relative to the others; 100 is one share, 0 none. At most 1000." error={problem}>
          {(control) => (
            <Input
              {...control}
              type="number"
              min={0}
              max={1000}
              value={typed}
              onChange={(event) => {
                setTyped(event.target.value);
              }}
            />
          )}
        </Field>
      ) : (
        <p className="text-sm text-ink-3">{HINTS[way]}</p>
      )}
    </>
  );
}
