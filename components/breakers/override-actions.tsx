"use client";

import { targetInWords, type OverrideSpec } from "#domain/override.ts";
import type { PolicyRow } from "#domain/policy.ts";
import { useMayEdit } from "../identity/use-session.ts";
import { Button } from "../ui/button.tsx";
import { ExtendButton } from "./extend-button.tsx";
import type { HeldOverride } from "./held-override.ts";

interface OverrideActionsProps {
  readonly held: HeldOverride;
  readonly onLift: (row: PolicyRow<OverrideSpec>) => void;
}

/** What one can do about an override in force; or why nothing. */
export function OverrideActions({ held: { row }, onLift }: OverrideActionsProps) {
  const mayEdit = useMayEdit();
  if (row === null) {
    return (
      <p className="text-sm text-ink-2">As gateways report it. It can be ended when the database answers again.</p>
    );
  }
  return (
    <div className="flex flex-wrap gap-2">
      <ExtendButton row={row} />
      <Button
        size="sm"
        disabled={!mayEdit}
        onClick={() => {
          onLift(row);
        }}
      >
        Back to automatic…<span className="sr-only"> {targetInWords(row.spec.target)}</span>
      </Button>
    </div>
  );
}
