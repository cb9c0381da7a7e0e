"use client";

import type { ReactNode } from "react";
import { useFormContext, type FieldPath } from "react-hook-form";
import { Disclosure } from "../../ui/disclosure.tsx";
import { errorTextWithin } from "../../ui/error-text.ts";
import type { SectionWords } from "../../ui/section-words.ts";
import type { PolicyFormInput } from "./policy-form-input.ts";

interface PolicySectionBoxProps {
  readonly title: string;
  readonly words: SectionWords;
  /** The fields inside. */
  readonly fields: readonly FieldPath<PolicyFormInput>[];
  readonly children: ReactNode;
}

/** A closed part of the policy, in one line. It opens by itself when it is set, or when something in it is wrong. */
export function PolicySectionBox({ title, words, fields, children }: PolicySectionBoxProps) {
  const { formState } = useFormContext<PolicyFormInput>();
  const wrong = fields.some((field) => errorTextWithin(formState.errors, field) !== undefined);
  return (
    <Disclosure title={title} summary={words.summary} set={words.set} reveal={words.set || wrong}>
      {children}
    </Disclosure>
  );
}
