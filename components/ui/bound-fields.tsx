"use client";

import type { ReactNode } from "react";
import { Controller, useFormContext, type FieldPath, type FieldValues } from "react-hook-form";
import { CheckChoice } from "./check-choice.tsx";
import { errorText, errorTextWithin } from "./error-text.ts";
import { Field } from "./field.tsx";
import { Input, NativeSelect, Textarea } from "./input.tsx";
import { ListInput } from "./list-input.tsx";
import { QuantityInput } from "./quantity-input.tsx";
import type { Units } from "./quantity.ts";
import { Switch } from "./switch.tsx";

/** What all fields here have in common: they are bound to one place of the form around them. */
interface BoundProps<Values extends FieldValues> {
  readonly path: FieldPath<Values>;
  readonly label: string;
  readonly labelContext?: string | undefined;
  readonly hint?: ReactNode;
  readonly className?: string | undefined;
}

interface TextFieldProps<Values extends FieldValues> extends BoundProps<Values> {
  readonly placeholder?: string;
  /** For what is read letter by letter. */
  readonly mono?: boolean;
  /** An empty field stands for null. */
  readonly optional?: boolean;
  readonly lines?: number;
}

const nullWhenEmpty = (text: unknown): unknown => (text === "" ? null : text);
const numberOrNull = (text: unknown): unknown => (text === "" || text === null ? null : Number(text));

/** A line of text, or several. */
export function TextField<Values extends FieldValues>(props: TextFieldProps<Values>) {
  const { path, placeholder, mono = false, optional = false, lines, ...field } = props;
  const { register, formState } = useFormContext<Values>();
  const bound = optional ? register(path, { setValueAs: nullWhenEmpty }) : register(path);
  const look = { placeholder, className: mono ? "font-mono" : "" };
  return (
    <Field {...field} error={errorText(formState.errors, path)}>
      {(attributes) =>
        lines === undefined ? (
          <Input {...bound} {...attributes} {...look} />
        ) : (
          <Textarea rows={lines} {...bound} {...attributes} {...look} />
        )
      }
    </Field>
  );
}

interface NumberFieldProps<Values extends FieldValues> extends BoundProps<Values> {
  readonly optional?: boolean;
  readonly placeholder?: string;
  /** Smallest step, 1 unless said otherwise. */
  readonly step?: number;
}

/** A number without unit. */
export function NumberField<Values extends FieldValues>(props: NumberFieldProps<Values>) {
  const { path, optional = false, placeholder, step = 1, ...field } = props;
  const { register, formState } = useFormContext<Values>();
  const bound = register(path, optional ? { setValueAs: numberOrNull } : { valueAsNumber: true });
  return (
    <Field {...field} error={errorText(formState.errors, path)}>
      {(attributes) => <Input type="number" step={step} placeholder={placeholder} {...bound} {...attributes} />}
    </Field>
  );
}

interface QuantityFieldProps<Values extends FieldValues> extends BoundProps<Values> {
  readonly units: Units;
  /** An empty field stands for null; else it is a mistake. */
  readonly optional?: boolean;
  readonly placeholder?: string;
}

/** A time or a size with its unit. */
export function QuantityField<Values extends FieldValues>(props: QuantityFieldProps<Values>) {
  const { path, units, optional = false, placeholder, ...field } = props;
  const { control, formState } = useFormContext<Values>();
  const context = field.labelContext === undefined ? "" : ` ${field.labelContext}`;
  return (
    <Controller
      control={control}
      name={path}
      render={({ field: { value, onChange, onBlur, ref } }) => (
        <Field {...field} path={path} error={errorText(formState.errors, path)}>
          {(attributes) => (
            <QuantityInput
              control={attributes}
              unitLabel={`Unit of ${field.label.toLowerCase()}${context}`}
              units={units}
              placeholder={placeholder}
              value={numberIn(value)}
              onChange={(next) => {
                onChange(next === null && !optional ? Number.NaN : next);
              }}
              onBlur={onBlur}
              inputRef={ref}
            />
          )}
        </Field>
      )}
    />
  );
}

function numberIn(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

interface SelectFieldProps<Values extends FieldValues> extends BoundProps<Values> {
  readonly options: readonly { readonly value: string; readonly label: string }[];
  /** What the chosen text stands for: itself, a number, or null when it is empty. */
  readonly as?: "text" | "number" | "nullable";
}

/** One of a few values. */
export function SelectField<Values extends FieldValues>(props: SelectFieldProps<Values>) {
  const { path, options, as = "text", ...field } = props;
  const { register, formState } = useFormContext<Values>();
  const bound =
    as === "number"
      ? register(path, { valueAsNumber: true })
      : register(path, as === "nullable" ? { setValueAs: nullWhenEmpty } : {});
  return (
    <Field {...field} error={errorText(formState.errors, path)}>
      {(attributes) => (
        <NativeSelect {...bound} {...attributes}>
          {options.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </NativeSelect>
      )}
    </Field>
  );
}

interface SwitchFieldProps<Values extends FieldValues> extends Omit<BoundProps<Values>, "labelContext" | "hint"> {
  readonly hint?: string;
}

/** On or off. */
export function SwitchField<Values extends FieldValues>({ path, label, hint, className }: SwitchFieldProps<Values>) {
  const { control, formState } = useFormContext<Values>();
  const error = errorText(formState.errors, path);
  return (
    <Controller
      control={control}
      name={path}
      render={({ field }) => (
        <div data-field={path} className={className}>
          <Switch label={label} hint={hint} checked={field.value === true} onChange={field.onChange} />
          {error !== undefined && <p className="mt-1 text-sm text-bad">{error}</p>}
        </div>
      )}
    />
  );
}

interface ListFieldProps<Values extends FieldValues> extends BoundProps<Values> {
  readonly placeholder?: string;
  readonly numbers?: boolean;
}

/** A list typed as text, separated by commas. */
export function ListField<Values extends FieldValues>(props: ListFieldProps<Values>) {
  const { path, placeholder, numbers = false, ...field } = props;
  const { control, formState } = useFormContext<Values>();
  return (
    <Controller
      control={control}
      name={path}
      render={({ field: { value, onChange, onBlur, ref } }) => (
        <Field {...field} path={path} error={errorTextWithin(formState.errors, path)}>
          {(attributes) => (
            <ListInput<string | number>
              {...attributes}
              ref={ref}
              onBlur={onBlur}
              value={itemsIn(value)}
              onChange={onChange}
              parseItem={numbers ? Number : String}
              placeholder={placeholder}
            />
          )}
        </Field>
      )}
    />
  );
}

function itemsIn(value: unknown): (string | number)[] {
  return Array.isArray(value)
    ? value.filter((item): item is string | number => typeof item === "string" || typeof item === "number")
    : [];
}

interface ChoicesFieldProps<Values extends FieldValues> extends Omit<BoundProps<Values>, "labelContext"> {
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

/** Any number of a few values, kept in the order in which they are offered. */
export function ChoicesField<Values extends FieldValues>(props: ChoicesFieldProps<Values>) {
  const { path, label, hint, options, className } = props;
  const { control, formState } = useFormContext<Values>();
  const error = errorTextWithin(formState.errors, path);
  return (
    <Controller
      control={control}
      name={path}
      render={({ field }) => {
        const chosen = itemsIn(field.value);
        return (
          <fieldset data-field={path} className={className}>
            <legend className="mb-1 text-sm font-medium text-ink-2">
              {label} {hint !== undefined && <span className="font-normal text-ink-3">{hint}</span>}
            </legend>
            <div className="flex flex-wrap gap-1.5">
              {options.map((option) => (
                <CheckChoice
                  key={option.value}
                  label={option.label}
                  checked={chosen.includes(option.value)}
                  onChange={(checked) => {
                    const next = options.filter(({ value }) =>
                      value === option.value ? checked : chosen.includes(value),
                    );
                    field.onChange(next.map(({ value }) => value));
                    field.onBlur();
                  }}
                />
              ))}
            </div>
            {error !== undefined && <p className="mt-1 text-sm text-bad">{error}</p>}
          </fieldset>
        );
      }}
    />
  );
}
