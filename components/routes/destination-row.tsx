"use client";

import { Trash2 } from "lucide-react";
import { useFormContext, useWatch } from "react-hook-form";
import { hasLabels } from "#domain/service.ts";
import { formatRate, formatRatio } from "../format/number.ts";
import { useLivePart } from "../live/live-provider.tsx";
import { Button } from "../ui/button.tsx";
import { errorText } from "../ui/error-text.ts";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { destinationName } from "#domain/destination-name.ts";
import type { RouteFormInput } from "./route-form-schema.ts";
import { SubsetFields } from "./subset-fields.tsx";
import { shadeOf } from "./weight-bar.tsx";

interface DestinationRowProps {
  readonly at: number;
  readonly share: number;
  /** What the whole route carries now, requests per second. */
  readonly rate: number;
  readonly onRemove: (() => void) | null;
}

/** Service, labels and weight of one destination. */
export function DestinationRow({ at, share, rate, onRemove }: DestinationRowProps) {
  const { register, control, formState } = useFormContext<RouteFormInput>();
  const { errors } = formState;
  const path = `spec.destinations.${at}` as const;
  const value = useWatch({ control, name: path });
  const which = `of destination ${(at + 1).toString()}`;
  const named = destinationName(value) === "" ? which : `${which} (${destinationName(value)})`;
  const isKnown = useLivePart(({ picture }) => picture !== null);
  const instances = useLivePart(
    ({ picture }) => picture?.services.find((service) => service.name === value.service)?.instances,
  );
  const fitting = (instances ?? []).filter((instance) => hasLabels(instance.metadata, value.labels ?? {})).length;

  return (
    <li className="py-3 last:pb-0">
      <div
        role="group"
        aria-label={`Destination ${(at + 1).toString()}`}
        className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-3 gap-y-2 md:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_88px_96px_auto]"
      >
        <SubsetFields<RouteFormInput>
          servicePath={`${path}.service`}
          labelsPath={`${path}.labels`}
          context={which}
          serviceHint={
            value.service !== "" && isKnown && instances === undefined ? "Not in the registry now" : undefined
          }
          labelsHint={
            instances === undefined
              ? undefined
              : fitting === 0
                ? "No instance carries these labels now"
                : `${fitting.toString()} of ${instances.length.toString()} instances now`
          }
          labelsClassName="max-md:col-span-2 max-md:row-start-2"
        />
        <Field
          label="Weight"
          labelContext={named}
          error={errorText(errors, `${path}.weight`)}
          className="max-md:row-start-3"
        >
          {(attributes) => (
            <Input
              type="number"
              min={0}
              max={1000}
              step={1}
              {...register(`${path}.weight`, { valueAsNumber: true })}
              {...attributes}
              className="text-right"
            />
          )}
        </Field>
        <div className="pt-6 text-right whitespace-nowrap max-md:row-start-3" aria-live="polite">
          <span aria-hidden className="mr-1.5 inline-block size-2 rounded-xs" style={{ background: shadeOf(at) }} />
          <span className="font-medium">{formatRatio(share)}</span>
          {rate > 0 && <div className="text-sm text-ink-3">≈ {formatRate(rate * share)}</div>}
        </div>
        <Button
          variant="ghost"
          size="icon"
          className="mt-5 max-md:col-start-2 max-md:row-start-1"
          aria-label={`Remove destination ${(at + 1).toString()}`}
          disabled={onRemove === null}
          onClick={() => onRemove?.()}
        >
          <Trash2 aria-hidden />
        </Button>
      </div>
    </li>
  );
}
