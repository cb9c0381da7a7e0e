"use client";

import { useState } from "react";
import { modeInWords, scopeInWords, targetInWords, type OverrideSpec } from "#domain/override.ts";
import type { PolicyRow } from "#domain/policy.ts";
import { DeliveryBadge } from "../delivery/delivery-badge.tsx";
import type { HeldOverride } from "./held-override.ts";
import { LiftDialog } from "./lift-dialog.tsx";
import { OverrideActions } from "./override-actions.tsx";
import { TimeLeft } from "./time-left.tsx";

/** Overrides in force, each with who, why and until when, and the button that ends it. */
export function OverrideLines({ overrides }: { overrides: readonly HeldOverride[] }) {
  const [lifting, setLifting] = useState<PolicyRow<OverrideSpec> | null>(null);
  return (
    <>
      <ul className="flex flex-col gap-2">
        {overrides.map((held) => (
          <OverrideLine key={held.id} held={held} onLift={setLifting} />
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
  readonly held: HeldOverride;
  readonly onLift: (row: PolicyRow<OverrideSpec>) => void;
}

function OverrideLine({ held, onLift }: OverrideLineProps) {
  const { spec, row } = held;
  return (
    <li className="flex flex-col gap-1 rounded-md border border-warn/40 bg-warn-tint px-2.5 py-1.5">
      <div className="flex flex-wrap items-center gap-2">
        <span className="font-medium">
          {modeInWords(spec)} by {spec.actor}
        </span>
        {row !== null && (
          <span className="live ml-auto">
            <DeliveryBadge policyKey={`overrides/${row.id}`} revision={row.revision} />
          </span>
        )}
      </div>
      <div className="text-sm text-ink-2">
        {targetInWords(spec.target)}, {scopeInWords(spec.scope)}, <TimeLeft expiresAtMs={spec.expiresAtMs} />
      </div>
      <div className="break-words">“{spec.reason}”</div>
      <OverrideActions held={held} onLift={onLift} />
    </li>
  );
}
