"use client";

import { Hand } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { modeInWords, scopeInWords, targetInWords, type OverrideSpec } from "#domain/override.ts";
import type { PolicyRow } from "#domain/policy.ts";
import { LiftDialog } from "../breakers/lift-dialog.tsx";
import { OverrideActions } from "../breakers/override-actions.tsx";
import { bySoonestEnd, overrideLink } from "../breakers/override-banner.tsx";
import { TimeLeft } from "../breakers/time-left.tsx";
import { useHeldOverrides } from "../breakers/use-active-overrides.ts";
import { DeliveryBadge } from "../delivery/delivery-badge.tsx";
import { plainText } from "../diff/plain-text.ts";
import { Panel } from "../ui/panel.tsx";
import { ShowAllButton } from "../ui/show-all-button.tsx";

const FIRST = 5;

/** What people hold by hand, with the time left, and what can be done about it. */
export function OverridesPanel() {
  const held = bySoonestEnd(useHeldOverrides());
  const [all, setAll] = useState(false);
  const [lifting, setLifting] = useState<PolicyRow<OverrideSpec> | null>(null);
  return (
    <Panel title="Overrides in force" note={held.length.toString()} padded={false}>
      {held.length === 0 ? (
        <p className="flex items-center gap-2 p-4 text-ink-3">
          <Hand aria-hidden className="size-4" />
          Nobody holds anything by hand.
        </p>
      ) : (
        <ul>
          {(all ? held : held.slice(0, FIRST)).map((one) => (
            <li key={one.id} className="flex flex-col gap-1 border-b border-line px-4 py-2.5 last:border-b-0">
              <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
                <Link href={overrideLink(one.spec.target)} className="min-w-0 font-medium break-words hover:underline">
                  {modeInWords(one.spec)}: {plainText(targetInWords(one.spec.target))}
                </Link>
                {one.row !== null && (
                  <span className="live ml-auto">
                    <DeliveryBadge policyKey={`overrides/${one.row.id}`} revision={one.row.revision} />
                  </span>
                )}
              </div>
              <p className="text-sm break-words text-ink-2">
                <TimeLeft expiresAtMs={one.spec.expiresAtMs} /> · {scopeInWords(one.spec.scope)} · by {one.spec.actor}:
                “{plainText(one.spec.reason)}”
              </p>
              <OverrideActions held={one} onLift={setLifting} />
            </li>
          ))}
        </ul>
      )}
      {held.length > FIRST && <ShowAllButton count={held.length} all={all} onChange={setAll} />}
      {lifting !== null && (
        <LiftDialog
          row={lifting}
          onClose={() => {
            setLifting(null);
          }}
        />
      )}
    </Panel>
  );
}
