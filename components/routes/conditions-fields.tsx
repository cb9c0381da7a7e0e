"use client";

import { Plus, Trash2 } from "lucide-react";
import { useFieldArray, useFormContext, useWatch } from "react-hook-form";
import { Button } from "../ui/button.tsx";
import { errorText } from "../ui/error-text.ts";
import { Input, NativeSelect } from "../ui/input.tsx";
import type { RouteFormInput } from "./route-form-schema.ts";

const KINDS = [
  { value: "exact", label: "is" },
  { value: "prefix", label: "starts with" },
  { value: "present", label: "is present" },
  { value: "absent", label: "is absent" },
];

interface ConditionsFieldsProps {
  readonly match: number;
  readonly what: "headers" | "query";
}

/** Conditions on headers or on query parameters of one match; all of them must hold. */
export function ConditionsFields({ match, what }: ConditionsFieldsProps) {
  const { control } = useFormContext<RouteFormInput>();
  const name = `spec.matches.${match}.${what}` as const;
  const { fields, append, remove } = useFieldArray({ control, name });
  const one = what === "headers" ? "header" : "query parameter";
  return (
    <div className={fields.length === 0 ? "" : "flex w-full flex-col gap-2 pl-2"}>
      {fields.map((field, at) => (
        <ConditionRow
          key={field.id}
          match={match}
          what={what}
          at={at}
          one={one}
          onRemove={() => {
            remove(at);
          }}
        />
      ))}
      <div className={fields.length === 0 ? "" : "-ml-2"}>
        <Button
          size="sm"
          variant="ghost"
          onClick={() => {
            append({ name: "", match: { kind: "exact", value: "" } });
          }}
        >
          <Plus aria-hidden />
          Add {one}
        </Button>
      </div>
    </div>
  );
}

interface ConditionRowProps extends ConditionsFieldsProps {
  readonly at: number;
  readonly one: string;
  readonly onRemove: () => void;
}

function ConditionRow({ match, what, at, one, onRemove }: ConditionRowProps) {
  const { register, control, formState } = useFormContext<RouteFormInput>();
  const path = `spec.matches.${match}.${what}.${at}` as const;
  const kind = useWatch({ control, name: `${path}.match.kind` });
  const nameError = errorText(formState.errors, `${path}.name`);
  const valueError = errorText(formState.errors, `${path}.match.value`);
  const which = `${one} ${(at + 1).toString()} of match ${(match + 1).toString()}`;
  return (
    <div>
      <div className="grid grid-cols-[1fr_auto] items-center gap-2 sm:grid-cols-[minmax(0,1fr)_128px_minmax(0,1fr)_auto]">
        <Input
          {...register(`${path}.name`)}
          aria-label={`Name of ${which}`}
          aria-invalid={nameError !== undefined}
          placeholder={one}
        />
        <NativeSelect
          {...register(`${path}.match.kind`)}
          aria-label={`Condition on ${which}`}
          className="max-sm:col-start-1"
        >
          {KINDS.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </NativeSelect>
        {kind === "exact" || kind === "prefix" ? (
          <Input
            {...register(`${path}.match.value`)}
            aria-label={`Value of ${which}`}
            aria-invalid={valueError !== undefined}
            className="max-sm:col-start-1"
            placeholder="value"
          />
        ) : (
          <span className="max-sm:hidden" />
        )}
        <Button
          variant="ghost"
          size="icon"
          aria-label={`Remove ${which}`}
          className="max-sm:col-start-2 max-sm:row-start-1"
          onClick={onRemove}
        >
          <Trash2 aria-hidden />
        </Button>
      </div>
      {(nameError ?? valueError) !== undefined && (
        <p role="alert" className="mt-1 text-sm text-bad">
          {nameError ?? valueError}
        </p>
      )}
    </div>
  );
}
