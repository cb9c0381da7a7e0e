"use client";

import { useEffect, useState } from "react";
import type { FieldValues, UseFormReturn } from "react-hook-form";
import type { z } from "zod";
import type { PolicyRow } from "#domain/policy.ts";
import { isSameValue } from "#domain/same-value.ts";
import { meshErrorOf } from "../api/mesh-error.ts";
import { CurrentRow } from "../api/policy-row.ts";
import { showRefusal } from "../api/show-refusal.ts";

interface VersionedEditOptions<Spec, Values extends FieldValues, Output> {
  readonly form: UseFormReturn<Values, unknown, Output>;
  /** The object as last read, kept fresh by the page; null while there is none. */
  readonly row: PolicyRow<Spec> | null;
  /** Reads the object that a refused edit brings back. */
  readonly schema: z.ZodType<Spec>;
  /** What the form shows of an object. */
  readonly valuesOf: (row: PolicyRow<Spec> | null) => Values;
  /** Asks the console to save, on top of `base`. What it gives back must be what `row` will be. */
  readonly save: (output: Output, base: PolicyRow<Spec> | null) => Promise<PolicyRow<Spec>>;
  /** True when a newer version changed nothing that this form edits: it is then taken as the base without a word. */
  readonly sameHere?: (a: Spec, b: Spec) => boolean;
}

export interface VersionedEdit<Spec, Output> {
  /** The version the edit starts from. */
  readonly base: PolicyRow<Spec> | null;
  /** A version saved by somebody else that what is typed here would overwrite; null when there is none. */
  readonly newer: PolicyRow<Spec> | null;
  /** Whether a save was refused because of it. */
  readonly refused: boolean;
  /** Whether the next save puts what is typed here on top of somebody else's version. */
  readonly reapplying: boolean;
  readonly saving: boolean;
  readonly submit: (output: Output) => Promise<void>;
  /** Forgets what is typed and goes on from there. */
  readonly adopt: (row: PolicyRow<Spec> | null) => void;
  /** Keeps what is typed, and bases it on there. */
  readonly keepMine: (row: PolicyRow<Spec>) => void;
}

/**
 * Edits an object from one version on. A version saved by somebody else in the meantime is taken over silently while
 * nothing was changed here, or the same was, and announced otherwise; the console refuses the save in any case.
 */
export function useVersionedEdit<Spec, Values extends FieldValues, Output>(
  options: VersionedEditOptions<Spec, Values, Output>,
): VersionedEdit<Spec, Output> {
  const { form, row, schema, valuesOf, save, sameHere } = options;
  const [base, setBase] = useState(row);
  const [theirs, setTheirs] = useState<PolicyRow<Spec> | null>(null);
  const [reapplying, setReapplying] = useState(false);
  const [saving, setSaving] = useState(false);
  const { isDirty } = form.formState;

  const adopt = (next: PolicyRow<Spec> | null): void => {
    setBase(next);
    setTheirs(null);
    setReapplying(false);
    form.reset(valuesOf(next));
  };
  const rebase = (next: PolicyRow<Spec>): void => {
    form.reset(valuesOf(next), { keepValues: true });
    setBase(next);
    setTheirs(null);
  };

  // An answer that was on its way while a save went through may be older than what is edited.
  const isOther = row === null || base === null ? row !== base : row.version > base.version;
  // As after a save whose answer was lost: what is typed here is saved already.
  const isSaved = isOther && row !== null && isSameValue(valuesOf(row), form.getValues());
  const harmless = isOther && row !== null && base !== null && sameHere?.(row.spec, base.spec) === true;
  useEffect(() => {
    if (!isOther || saving) return;
    if (!isDirty || isSaved) adopt(row);
    else if (harmless && row !== null) rebase(row);
    // `adopt` and `rebase` are made anew with every rendering and do the same each time.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [isOther, isSaved, harmless, isDirty, row, saving]);

  const submit = async (output: Output): Promise<void> => {
    setSaving(true);
    try {
      adopt(await save(output, base));
    } catch (error) {
      const mesh = meshErrorOf(error);
      const current = mesh?.code === "STALE_EDIT" ? readRow(schema, mesh.current) : null;
      if (current === null) showRefusal(form, error);
      else setTheirs(current);
    } finally {
      setSaving(false);
    }
  };

  return {
    base,
    newer: theirs ?? (isOther && isDirty && !saving && !harmless && !isSaved ? row : null),
    refused: theirs !== null,
    reapplying,
    saving,
    submit,
    adopt,
    keepMine: (next) => {
      rebase(next);
      setReapplying(true);
    },
  };
}

/** The row a refused edit brought back; null when the object is gone or cannot be read here. */
function readRow<Spec>(schema: z.ZodType<Spec>, current: unknown): PolicyRow<Spec> | null {
  const row = CurrentRow.safeParse(current);
  const spec = schema.safeParse(row.data?.spec);
  return row.success && spec.success ? { ...row.data, spec: spec.data } : null;
}
