"use client";

import type { KeptSide } from "#domain/publishing.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { counted } from "../counted.ts";
import { choiceEffects } from "./choice-effects.ts";
import type { ShownSurvey } from "./shown-survey.ts";

interface ConfirmChoiceProps {
  readonly survey: ShownSurvey;
  readonly keep: KeptSide;
  readonly typed: string;
  readonly onType: (typed: string) => void;
  readonly busy: boolean;
  readonly onConfirm: () => void;
}

/** Typed by who means it: which side is kept. The button says what is lost. */
export function ConfirmChoice({ survey, keep, typed, onType, busy, onConfirm }: ConfirmChoiceProps) {
  const phrase = `keep ${keep}`;
  const { removed, unlisted } = choiceEffects(survey, keep);
  const from = keep === "database" ? "ZooKeeper" : "the database";
  const lost = !survey.canKeepMesh
    ? "What only the gateways have is gone for good."
    : removed.length === 0 && unlisted === 0
      ? `Nothing is removed from ${from}.`
      : `${unlisted > 0 ? "At least " : ""}${counted(removed.length, "object is", "objects are")} removed from ${from}.`;
  return (
    <form
      className="flex flex-col gap-3 rounded-lg border border-line p-3 sm:max-w-lg"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim() === phrase && !busy) onConfirm();
      }}
    >
      <Field label={`Type ${phrase} to confirm`} hint={`${lost} Who chose, and what, is written to the audit log.`}>
        {(control) => (
          <Input
            {...control}
            className="font-mono"
            spellCheck={false}
            autoCapitalize="none"
            value={typed}
            onChange={(event) => {
              onType(event.target.value);
            }}
          />
        )}
      </Field>
      <Button type="submit" variant="danger" className="self-start" disabled={typed.trim() !== phrase || busy}>
        {keep === "database" ? "Publish the database" : "Save what the mesh has"}
      </Button>
    </form>
  );
}
