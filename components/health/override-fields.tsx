import { Trash2 } from "lucide-react";
import { Controller, useFormContext, useWatch } from "react-hook-form";
import { Button } from "../ui/button.tsx";
import { NumberField } from "../ui/bound-fields.tsx";
import { errorText } from "../ui/error-text.ts";
import { Field } from "../ui/field.tsx";
import { SuggestInput } from "../ui/suggest-input.tsx";
import { THRESHOLDS } from "./field-names.ts";
import type { HealthFormInput } from "./health-form-input.ts";

interface OverrideFieldsProps {
  readonly at: number;
  /** Services that its name or pattern fits now. */
  readonly bound: readonly string[];
  readonly services: readonly string[];
  readonly onRemove: () => void;
}

/** One override: whom it is for, and what is other than the default. An empty field stands for the default. */
export function OverrideFields({ at, bound, services, onRemove }: OverrideFieldsProps) {
  const { control, formState } = useFormContext<HealthFormInput>();
  const standard = useWatch({ control, name: "thresholds" });
  const match = useWatch({ control, name: `overrides.${at}.match` }) ?? "";
  const named = match === "" ? `of override ${(at + 1).toString()}` : `of ${match}`;
  const path = `overrides.${at}.match` as const;
  return (
    <fieldset className="min-w-0 rounded-md border border-line p-3" aria-label={`Override ${named}`}>
      <div className="flex items-start gap-2">
        <Controller
          control={control}
          name={path}
          render={({ field }) => (
            <Field
              label="Service or pattern"
              labelContext={named}
              className="min-w-0 flex-1"
              path={path}
              hint={boundInWords(bound)}
              error={errorText(formState.errors, path)}
            >
              {(attributes) => (
                <SuggestInput
                  control={attributes}
                  value={field.value ?? ""}
                  onChange={field.onChange}
                  onBlur={field.onBlur}
                  inputRef={field.ref}
                  items={services}
                  placeholder="payments or pay*"
                />
              )}
            </Field>
          )}
        />
        <Button
          variant="ghost"
          size="icon"
          className="mt-5.5"
          aria-label={`Remove the override ${named}`}
          onClick={onRemove}
        >
          <Trash2 aria-hidden />
        </Button>
      </div>
      <div className="mt-2 grid grid-cols-2 gap-2 sm:grid-cols-3 lg:grid-cols-6">
        {THRESHOLDS.map(({ field, short }) => (
          <NumberField<HealthFormInput>
            key={field}
            path={`overrides.${at}.${field}`}
            label={short}
            labelContext={named}
            optional
            placeholder={placeholder(standard[field])}
            step={field.startsWith("errorPercent") ? 0.1 : 1}
          />
        ))}
      </div>
    </fieldset>
  );
}

const placeholder = (standard: number): string => (Number.isFinite(standard) ? standard.toString() : "");

/** How many are named before it is a number. */
const NAMED = 3;

function boundInWords(bound: readonly string[]): string {
  if (bound.length === 0) return "Fits no service now.";
  const more = bound.length - NAMED;
  const names = bound.slice(0, NAMED).join(", ");
  return more > 0 ? `Fits ${names} and ${more.toString()} more.` : `Fits ${names}.`;
}
