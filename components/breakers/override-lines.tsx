"use client";

import { useState } from "react";
import { modeInWords, scopeInWords, targetInWords, type OverrideSpec } from "#domain/override.ts";
import type { PolicyRow } from "#domain/policy.ts";
import { DeliveryBadge } from "../delivery/delivery-badge.tsx";
import { useMayEdit } from "../identity/use-session.ts";
import { Button } from "../ui/button.tsx";
import { ExtendButton } from "./extend-button.tsx";
import { LiftDialog } from "./lift-dialog.tsx";
import { TimeLeft } from "./time-left.tsx";

/** Overrides in force, each with who, why and until when, and the button that ends it. */
export function OverrideLines({ rows }: { rows: readonly PolicyRow<OverrideSpec>[] }) {
  const [lifting, setLifting] = useState<PolicyRow<OverrideSpec> | null>(null);
  return (
    <>
      <ul className="flex flex-col gap-2">
        {rows.map((row) => (
          <OverrideLine key={row.id} row={row} onLift={setLifting} />
        ))}
      </ul>
      {lifting !== null && (
        <LiftDialog
          row={lifting}
          onClose={() => {
            setLifting(null);
          }}
        />
      )}
    </>
  );
}

interface OverrideLineProps {
  readonly row: PolicyRow<OverrideSpec>;
  readonly onLift: (row: PolicyRow<OverrideSpec>) => void;
}

function OverrideLine({ row, onLift }: OverrideLineProps) {
  const mayEdit = useMayEdit();
  const { spec } = row;
  return (
    <li className="flex flex-col gap-1 rounded-md border border-warn/40 bg-warn-tint px-2.5 py-1.5">
      <div className="flex flex-wrap items-center gap-2">
        <span className="font-medium">
          {modeInWords(spec)} by {spec.actor}
        </span>
        <span className="live ml-auto">
          <DeliveryBadge policyKey={`overrides/${row.id}`} revision={row.revision} />
        </span>
      </div>
      <div className="text-sm text-ink-2">
        {targetInWords(spec.target)}, {scopeInWords(spec.scope)}, <TimeLeft expiresAtMs={spec.expiresAtMs} />
      </div>
      <div className="break-words">“{spec.reason}”</div>
      <div className="flex flex-wrap gap-2">
        <ExtendButton row={row} />
        <Button
          size="sm"
          disabled={!mayEdit}
          onClick={() => {
            onLift(row);
          }}
        >
          Back to automatic…<span className="sr-only"> {targetInWords(spec.target)}</span>
        </Button>
      </div>
    </li>
  );
}
