"use client";

import { useEffect, useRef } from "react";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";

interface ConfirmFieldProps {
  /** What has to be typed. */
  readonly name: string;
  /** Why. */
  readonly hint: string;
  /** Why it was not saved, a new one with each try; null before the first. */
  readonly problem: { readonly text: string } | null;
  readonly typed: string;
  readonly onType: (typed: string) => void;
}

/** A name to be typed by who means it. It has the focus when it was missing. */
export function ConfirmField({ name, hint, problem, typed, onType }: ConfirmFieldProps) {
  const ref = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (problem !== null) ref.current?.focus();
  }, [problem]);
  return (
    <Field
      label={`Type ${name} to confirm`}
      // The typeface draws -> as one arrow, which nobody can type.
      className="[font-variant-ligatures:none]"
      hint={hint}
      error={problem === null || typed.trim() === name ? undefined : problem.text}
    >
      {(control) => (
        <Input
          {...control}
          ref={ref}
          className="font-mono"
          spellCheck={false}
          value={typed}
          onChange={(event) => {
            onType(event.target.value);
          }}
        />
      )}
    </Field>
  );
}
