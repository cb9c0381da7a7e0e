"use client";

import { Plus, Trash2 } from "lucide-react";
import { Controller, useFieldArray, useFormContext } from "react-hook-form";
import { HTTP_METHODS } from "#domain/route-conditions.ts";
import { Button } from "../ui/button.tsx";
import { CheckChoice } from "../ui/check-choice.tsx";
import { errorText } from "../ui/error-text.ts";
import { Field } from "../ui/field.tsx";
import { Input, NativeSelect } from "../ui/input.tsx";
import { Panel } from "../ui/panel.tsx";
import { ConditionsFields } from "./conditions-fields.tsx";
import { EMPTY_MATCH, type RouteFormInput } from "./route-form-schema.ts";

/** Which requests the route takes: any of the matches, each with all of its conditions. */
export function MatchesFields() {
  const { control, formState } = useFormContext<RouteFormInput>();
  const { fields, append, remove } = useFieldArray({ control, name: "spec.matches" });
  const error = errorText(formState.errors, "spec.matches");
  return (
    <Panel
      title="Matches"
      note="a request is taken when any match fits; a match fits when all of its conditions hold"
      actions={
        <Button
          size="sm"
          disabled={fields.length >= 16}
          onClick={() => {
            append(EMPTY_MATCH);
          }}
        >
          <Plus aria-hidden />
          Add match
        </Button>
      }
    >
      {error !== undefined && (
        <p role="alert" className="mb-2 text-bad">
          {error}
        </p>
      )}
      <ol className="flex flex-col gap-3">
        {fields.map((field, at) => (
          <li key={field.id} className="flex flex-col gap-3">
            {at > 0 && (
              <div className="flex items-center gap-3 text-sm text-ink-3 before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
                or
              </div>
            )}
            <MatchFields
              at={at}
              onRemove={
                fields.length > 1
                  ? () => {
                      remove(at);
                    }
                  : null
              }
            />
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function MatchFields({ at, onRemove }: { at: number; onRemove: (() => void) | null }) {
  const { register, control, formState } = useFormContext<RouteFormInput>();
  const path = `spec.matches.${at}` as const;
  const which = `of match ${(at + 1).toString()}`;
  return (
    <div role="group" aria-label={`Match ${(at + 1).toString()}`} className="flex flex-col gap-3">
      <div className="flex items-start gap-2">
        <Field label="Path" labelContext={`condition ${which}`} className="w-36 shrink-0">
          {(field) => (
            <NativeSelect {...register(`${path}.path.kind`)} {...field}>
              <option value="prefix">at or below</option>
              <option value="exact">exactly</option>
            </NativeSelect>
          )}
        </Field>
        <Field
          label="Value"
          labelContext={`of path ${which}`}
          className="flex-1"
          error={errorText(formState.errors, `${path}.path.value`)}
        >
          {(field) => <Input {...register(`${path}.path.value`)} {...field} className="font-mono" />}
        </Field>
        {onRemove !== null && (
          <Button
            variant="ghost"
            size="icon"
            className="mt-5"
            aria-label={`Remove match ${(at + 1).toString()}`}
            onClick={onRemove}
          >
            <Trash2 aria-hidden />
          </Button>
        )}
      </div>
      <Controller
        control={control}
        name={`${path}.methods`}
        render={({ field }) => (
          <fieldset>
            <legend className="mb-1 text-sm font-medium text-ink-2">
              Methods <span className="font-normal text-ink-3">none chosen: any</span>
            </legend>
            <div className="flex flex-wrap gap-1.5">
              {HTTP_METHODS.map((method) => (
                <CheckChoice
                  key={method}
                  label={method}
                  checked={field.value?.includes(method) ?? false}
                  onChange={(checked) => {
                    field.onChange(
                      HTTP_METHODS.filter((one) => (one === method ? checked : field.value?.includes(one))),
                    );
                  }}
                />
              ))}
            </div>
          </fieldset>
        )}
      />
      <div className="-ml-2 flex flex-wrap gap-x-2 gap-y-2">
        <ConditionsFields match={at} what="headers" />
        <ConditionsFields match={at} what="query" />
      </div>
    </div>
  );
}
