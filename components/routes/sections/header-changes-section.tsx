"use client";

import { Plus } from "lucide-react";
import { useFieldArray, useFormContext, useWatch } from "react-hook-form";
import { ListField } from "../../ui/bound-fields.tsx";
import { Button } from "../../ui/button.tsx";
import { Disclosure } from "../../ui/disclosure.tsx";
import { errorText } from "../../ui/error-text.ts";
import { Input } from "../../ui/input.tsx";
import { RemovableRow } from "../removable-row.tsx";
import type { RouteFormInput } from "../route-form-schema.ts";
import { headersInWords } from "./section-words.ts";

type ChangesPath = "spec.requestHeaders" | "spec.responseHeaders";

const WORDS = {
  "spec.requestHeaders": { title: "Request headers", one: "request header", to: "Before the service sees them." },
  "spec.responseHeaders": { title: "Response headers", one: "response header", to: "Before the caller sees them." },
} as const;

const PLACEHOLDERS = [
  "{request.id}",
  "{request.host}",
  "{request.path}",
  "{request.method}",
  "{caller}",
  "{client.address}",
  "{route}",
  "{service}",
  "{instance}",
  "{path.name}",
];

/** Headers that are removed, set and added, in this order. */
export function HeaderChangesSection({ path }: { path: ChangesPath }) {
  const { control } = useFormContext<RouteFormInput>();
  const changes = useWatch({ control, name: path });
  const { title, one, to } = WORDS[path];
  return (
    <Disclosure title={title} {...headersInWords(changes)}>
      <p className="text-sm text-ink-3">
        {to} Removed first, then set, then added. Values may name what is known of the request:{" "}
        {PLACEHOLDERS.map((placeholder) => (
          <code key={placeholder} className="mr-1.5 inline-block font-mono text-ink-2">
            {placeholder}
          </code>
        ))}
        <code className="font-mono text-ink-2">{"{{"}</code> writes a brace.
      </p>
      <FieldChanges path={`${path}.set`} one={one} verb="Set" hint="replaces what is there" />
      <FieldChanges path={`${path}.add`} one={one} verb="Add" hint="beside what is there" />
      <ListField<RouteFormInput>
        path={`${path}.remove`}
        label="Remove"
        labelContext={one}
        placeholder="x-internal, server"
        hint="Names, separated by commas."
        className="max-w-lg"
      />
    </Disclosure>
  );
}

interface FieldChangesProps {
  readonly path: `${ChangesPath}.${"set" | "add"}`;
  readonly one: string;
  readonly verb: "Set" | "Add";
  readonly hint: string;
}

function FieldChanges({ path, one, verb, hint }: FieldChangesProps) {
  const { control } = useFormContext<RouteFormInput>();
  const { fields, append, remove } = useFieldArray({ control, name: path });
  return (
    <fieldset data-field={path} className="flex flex-col gap-2">
      <legend className="mb-1 text-sm font-medium text-ink-2">
        {verb} <span className="font-normal text-ink-3">{hint}</span>
      </legend>
      {fields.map((field, at) => (
        <FieldChangeRow
          key={field.id}
          path={`${path}.${at}`}
          which={`${verb.toLowerCase()} ${one} ${(at + 1).toString()}`}
          onRemove={() => {
            remove(at);
          }}
        />
      ))}
      <div className="-ml-2">
        <Button
          size="sm"
          variant="ghost"
          disabled={fields.length >= 16}
          onClick={() => {
            append({ name: "", value: "" });
          }}
        >
          <Plus aria-hidden />
          {verb} a {one}
        </Button>
      </div>
    </fieldset>
  );
}

interface FieldChangeRowProps {
  readonly path: `${FieldChangesProps["path"]}.${number}`;
  readonly which: string;
  readonly onRemove: () => void;
}

function FieldChangeRow({ path, which, onRemove }: FieldChangeRowProps) {
  const { register, formState } = useFormContext<RouteFormInput>();
  const nameError = errorText(formState.errors, `${path}.name`);
  const valueError = errorText(formState.errors, `${path}.value`);
  return (
    <RemovableRow
      columns="sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto]"
      removeLabel={`Take out: ${which}`}
      onRemove={onRemove}
      error={nameError ?? valueError}
    >
      <Input
        {...register(`${path}.name`)}
        aria-label={`Name: ${which}`}
        aria-invalid={nameError !== undefined}
        placeholder="x-header"
      />
      <Input
        {...register(`${path}.value`)}
        aria-label={`Value: ${which}`}
        aria-invalid={valueError !== undefined}
        className="max-sm:col-start-1"
        placeholder="value"
      />
    </RemovableRow>
  );
}
