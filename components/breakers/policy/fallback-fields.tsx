"use client";

import { Plus } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useFieldArray, useFormContext, useWatch } from "react-hook-form";
import { Button } from "../../ui/button.tsx";
import { errorText } from "../../ui/error-text.ts";
import { FallbackRow } from "./fallback-row.tsx";
import { FRESH_FALLBACKS, insertPlace, mayMove } from "./fallback-order.ts";
import type { PolicyFormInput } from "./policy-form-input.ts";
import { PolicyPart } from "./policy-part.tsx";

/** What answers, and in which order, when a call is refused, fails or times out. */
export function FallbackFields() {
  const { control, formState } = useFormContext<PolicyFormInput>();
  const { fields, insert, remove, move } = useFieldArray({ control, name: "fallbacks" });
  const values = useWatch({ control, name: "fallbacks" }) ?? [];
  const kinds = fields.map(({ kind }) => kind);
  const list = useRef<HTMLOListElement>(null);
  const [moved, setMoved] = useState<{ readonly at: number; readonly by: -1 | 1 } | null>(null);
  // A row that changes places takes the focus along, wherever the browser has left it.
  useEffect(() => {
    if (moved === null) return;
    list.current?.querySelector<HTMLElement>(`[data-move="${moved.at.toString()} ${moved.by.toString()}"]`)?.focus();
  }, [moved]);
  const error = errorText(formState.errors, "fallbacks");
  const add = (kind: keyof typeof FRESH_FALLBACKS): void => {
    insert(insertPlace(kinds, kind), FRESH_FALLBACKS[kind]);
  };
  return (
    <PolicyPart
      title="Fallbacks"
      says={
        fields.length === 0
          ? "None: callers get 503 when a call is refused, and the service's own error when it fails."
          : "Asked in this order when a call is refused, fails or times out. The first that can, answers."
      }
    >
      {error !== undefined && (
        <p role="alert" className="text-sm text-bad">
          {error}
        </p>
      )}
      <ol ref={list} data-field="fallbacks" className="flex flex-col gap-2 empty:hidden">
        {fields.map((field, at) => (
          <FallbackRow
            key={field.id}
            at={at}
            count={fields.length}
            value={values[at] ?? field}
            mayMove={(by) => mayMove(kinds, at, by)}
            onMove={(by) => {
              move(at, at + by);
              setMoved({ at: at + by, by });
            }}
            onRemove={() => {
              remove(at);
            }}
          />
        ))}
      </ol>
      <p role="status" className="sr-only">
        {moved === null ? "" : `Now fallback ${(moved.at + 1).toString()} of ${fields.length.toString()}`}
      </p>
      <div className="-ml-2 flex flex-wrap gap-1">
        {ADDABLE.map(({ kind, label, once }) => (
          <Button
            key={kind}
            size="sm"
            variant="ghost"
            disabled={fields.length >= 4 || (once && kinds.includes(kind))}
            onClick={() => {
              add(kind);
            }}
          >
            <Plus aria-hidden />
            {label}
          </Button>
        ))}
      </div>
    </PolicyPart>
  );
}

const ADDABLE = [
  { kind: "service", label: "Add backup service", once: false },
  { kind: "last-good", label: "Add last good reply", once: true },
  { kind: "fixed", label: "Add fixed reply", once: true },
] as const;
