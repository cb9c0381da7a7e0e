"use client";

import { Plus, Trash2 } from "lucide-react";
import { useFieldArray, useFormContext } from "react-hook-form";
import { SubsetFields } from "../routes/subset-fields.tsx";
import { Button } from "../ui/button.tsx";
import { errorText } from "../ui/error-text.ts";
import type { PolicyFormInput } from "./policy-fields.tsx";

/** Services that answer, in this order, when a call is refused, fails or times out. */
export function BackupFields() {
  const { control, formState } = useFormContext<PolicyFormInput>();
  const { fields, append, remove } = useFieldArray({ control, name: "fallbacks" });
  const error = errorText(formState.errors, "fallbacks");
  return (
    <fieldset>
      <legend className="text-sm font-medium text-ink-2">
        Backups{" "}
        <span className="font-normal text-ink-3">
          asked in this order when a call is refused, fails or times out; none: callers get the error
        </span>
      </legend>
      {error !== undefined && (
        <p role="alert" className="mt-1 text-sm text-bad">
          {error}
        </p>
      )}
      <ol className="mt-2 flex flex-col gap-3">
        {fields.map((field, at) => (
          <BackupRow
            key={field.id}
            at={at}
            onRemove={() => {
              remove(at);
            }}
          />
        ))}
      </ol>
      <Button
        size="sm"
        variant="ghost"
        className="mt-2 -ml-2"
        disabled={fields.length >= 4}
        onClick={() => {
          append({ kind: "service", service: "", labels: {} });
        }}
      >
        <Plus aria-hidden />
        Add backup service
      </Button>
    </fieldset>
  );
}

function BackupRow({ at, onRemove }: { at: number; onRemove: () => void }) {
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-3 gap-y-2 sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto]">
      <SubsetFields<PolicyFormInput>
        servicePath={`fallbacks.${at}.service`}
        labelsPath={`fallbacks.${at}.labels`}
        context={`of backup ${(at + 1).toString()}`}
        labelsClassName="max-sm:col-span-2 max-sm:row-start-2"
      />
      <Button
        variant="ghost"
        size="icon"
        className="mt-5"
        aria-label={`Remove backup ${(at + 1).toString()}`}
        onClick={onRemove}
      >
        <Trash2 aria-hidden />
      </Button>
    </li>
  );
}
