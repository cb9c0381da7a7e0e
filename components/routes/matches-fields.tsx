"use client";

import { Plus } from "lucide-react";
import { useFieldArray, useFormContext } from "react-hook-form";
import { Button } from "../ui/button.tsx";
import { errorText } from "../ui/error-text.ts";
import { Panel } from "../ui/panel.tsx";
import { MatchFields } from "./match-fields.tsx";
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
      <ol data-field="spec.matches" className="flex flex-col gap-3">
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
