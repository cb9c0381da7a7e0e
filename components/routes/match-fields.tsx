"use client";

import { Trash2 } from "lucide-react";
import { useFormContext, useWatch } from "react-hook-form";
import { HTTP_METHODS, type PathMatch } from "#domain/route-conditions.ts";
import { ChoicesField } from "../ui/bound-fields.tsx";
import { Button } from "../ui/button.tsx";
import { errorText } from "../ui/error-text.ts";
import { Field } from "../ui/field.tsx";
import { Input, NativeSelect } from "../ui/input.tsx";
import { CallersField } from "./callers-field.tsx";
import { ConditionsFields } from "./conditions-fields.tsx";
import type { RouteFormInput } from "./route-form-schema.ts";

const PATH_KINDS: readonly {
  readonly value: PathMatch["kind"];
  readonly label: string;
  readonly hint: string;
  readonly example: string;
}[] = [
  {
    value: "prefix",
    label: "at or below",
    hint: "By whole segments: /a takes /a and /a/b, not /ab.",
    example: "/orders",
  },
  { value: "exact", label: "exactly", hint: "This path alone, in its canonical form.", example: "/orders" },
  {
    value: "template",
    label: "like the template",
    hint: "{name} takes one whole segment. Asked after exact paths and prefixes, unless the route has a priority.",
    example: "/orders/{id}",
  },
  {
    value: "regex",
    label: "matching the expression",
    hint: "RE2 syntax, the whole path. Asked after every other kind, unless the route has a priority.",
    example: "/orders/[0-9]+(/.*)?",
  },
];

const METHODS = HTTP_METHODS.map((method) => ({ value: method, label: method }));

/** The conditions of one match. */
export function MatchFields({ at, onRemove }: { at: number; onRemove: (() => void) | null }) {
  const { register, control, formState } = useFormContext<RouteFormInput>();
  const path = `spec.matches.${at}` as const;
  const kind = useWatch({ control, name: `${path}.path.kind` });
  const which = `of match ${(at + 1).toString()}`;
  const chosen = PATH_KINDS.find(({ value }) => value === kind);
  const pathError = errorText(formState.errors, `${path}.path.value`);
  return (
    <div role="group" aria-label={`Match ${(at + 1).toString()}`} data-field={path} className="flex flex-col gap-3">
      <div className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-2 gap-y-2 sm:grid-cols-[192px_minmax(0,1fr)_auto]">
        <Field label="Path" labelContext={`condition ${which}`}>
          {(field) => (
            <NativeSelect {...register(`${path}.path.kind`)} {...field}>
              {PATH_KINDS.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </NativeSelect>
          )}
        </Field>
        <Field
          label="Value"
          labelContext={`of path ${which}`}
          className="max-sm:col-span-2 max-sm:row-start-2"
          hint={chosen?.hint}
          error={pathError}
        >
          {(field) => (
            <Input
              {...register(`${path}.path.value`)}
              {...field}
              className="font-mono"
              placeholder={chosen?.example}
              spellCheck={false}
            />
          )}
        </Field>
        {onRemove !== null && (
          <Button
            variant="ghost"
            size="icon"
            className="mt-5 max-sm:col-start-2 max-sm:row-start-1"
            aria-label={`Remove match ${(at + 1).toString()}`}
            onClick={onRemove}
          >
            <Trash2 aria-hidden />
          </Button>
        )}
      </div>
      <div className="grid gap-3 md:grid-cols-2">
        <ChoicesField<RouteFormInput>
          path={`${path}.methods`}
          label="Methods"
          hint="none chosen: any"
          options={METHODS}
        />
        <CallersField match={at} />
      </div>
      <div className="-ml-2 flex flex-wrap gap-x-2 gap-y-2">
        <ConditionsFields path={`${path}.headers`} one="header" context={which} max={16} />
        <ConditionsFields path={`${path}.query`} one="query parameter" context={which} max={16} />
        <ConditionsFields path={`${path}.cookies`} one="cookie" context={which} max={16} />
      </div>
    </div>
  );
}
