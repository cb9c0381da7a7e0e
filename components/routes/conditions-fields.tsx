"use client";

import { Plus } from "lucide-react";
import { useFieldArray, useFormContext, useWatch } from "react-hook-form";
import { Button } from "../ui/button.tsx";
import { errorText } from "../ui/error-text.ts";
import { Input, NativeSelect } from "../ui/input.tsx";
import { RemovableRow } from "./removable-row.tsx";
import type { RouteFormInput } from "./route-form-schema.ts";

const KINDS = [
  { value: "exact", label: "is" },
  { value: "prefix", label: "starts with" },
  { value: "regex", label: "matches" },
  { value: "present", label: "is present" },
  { value: "absent", label: "is absent" },
];

type ConditionsPath = `spec.matches.${number}.${"headers" | "query" | "cookies"}` | "spec.faults.headers";

interface ConditionsFieldsProps {
  readonly path: ConditionsPath;
  /** What a condition is on: `header`. */
  readonly one: string;
  /** Whose conditions they are: `of match 1`. */
  readonly context: string;
  readonly max: number;
}

/** Conditions on headers, query parameters or cookies; all of them must hold. */
export function ConditionsFields({ path, one, context, max }: ConditionsFieldsProps) {
  const { control } = useFormContext<RouteFormInput>();
  const { fields, append, remove } = useFieldArray({ control, name: path });
  return (
    <div data-field={path} className={fields.length === 0 ? "" : "flex w-full flex-col gap-2 pl-2"}>
      {fields.length > 0 && (
        <span className="-mb-1 text-sm font-medium text-ink-2">
          {one.charAt(0).toUpperCase()}
          {one.slice(1)}s
        </span>
      )}
      {fields.map((field, at) => (
        <ConditionRow
          key={field.id}
          path={`${path}.${at}`}
          one={one}
          which={`${one} ${(at + 1).toString()} ${context}`}
          onRemove={() => {
            remove(at);
          }}
        />
      ))}
      <div className={fields.length === 0 ? "" : "-ml-2"}>
        <Button
          size="sm"
          variant="ghost"
          disabled={fields.length >= max}
          aria-label={`Add ${one} ${context}`}
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

interface ConditionRowProps {
  readonly path: `${ConditionsPath}.${number}`;
  readonly one: string;
  readonly which: string;
  readonly onRemove: () => void;
}

function ConditionRow({ path, one, which, onRemove }: ConditionRowProps) {
  const { register, control, formState } = useFormContext<RouteFormInput>();
  const kind = useWatch({ control, name: `${path}.match.kind` });
  const nameError = errorText(formState.errors, `${path}.name`);
  const valueError = errorText(formState.errors, `${path}.match.value`);
  return (
    <RemovableRow
      columns="sm:grid-cols-[minmax(0,1fr)_128px_minmax(0,1fr)_auto]"
      removeLabel={`Remove ${which}`}
      onRemove={onRemove}
      error={nameError ?? valueError}
    >
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
      {kind === "present" || kind === "absent" ? (
        <span className="max-sm:hidden" />
      ) : (
        <Input
          {...register(`${path}.match.value`)}
          aria-label={`Value of ${which}`}
          aria-invalid={valueError !== undefined}
          className="max-sm:col-start-1"
          placeholder={kind === "regex" ? "RE2, the whole value" : "value"}
        />
      )}
    </RemovableRow>
  );
}
