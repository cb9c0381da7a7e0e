"use client";

import { ChevronDown, Hand } from "lucide-react";
import Link from "next/link";
import { useId, useState } from "react";
import { commandKey } from "#domain/breaker-policy.ts";
import { modeInWords, scopeInWords, targetInWords, type OverrideSpec, type OverrideTarget } from "#domain/override.ts";
import type { PolicyRow } from "#domain/policy.ts";
import { DeliveryBadge } from "../delivery/delivery-badge.tsx";
import { links } from "../links.ts";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import type { HeldOverride } from "./held-override.ts";
import { LiftDialog } from "./lift-dialog.tsx";
import { OverrideActions } from "./override-actions.tsx";
import { TimeLeft } from "./time-left.tsx";
import { useHeldOverrides } from "./use-active-overrides.ts";

/** Where one looks at what is held. */
export function overrideLink(target: OverrideTarget): string {
  switch (target.kind) {
    case "command":
      return links.breaker(commandKey(target.routeId, target.service));
    case "service":
      return links.breaker(`service:${target.service}`);
    case "instance":
      return links.service(target.service);
  }
}

/** Soonest end first, those without an end last. */
export function bySoonestEnd<Held extends Pick<HeldOverride, "id" | "spec">>(rows: readonly Held[]): readonly Held[] {
  const endOf = ({ spec }: Held): number => spec.expiresAtMs ?? Number.POSITIVE_INFINITY;
  return rows.toSorted((a, b) => (endOf(a) === endOf(b) ? (a.id < b.id ? -1 : 1) : endOf(a) - endOf(b)));
}

/** What people hold by hand, above every page while it lasts: one in full, several as a count with a list. */
export function OverrideBanner() {
  const rows = bySoonestEnd(useHeldOverrides());
  const [open, setOpen] = useState(false);
  const [lifting, setLifting] = useState<PolicyRow<OverrideSpec> | null>(null);
  const listId = useId();
  const [first] = rows;
  // The dialog outlives the banner: what it asks about may end while it is open.
  const dialog = lifting !== null && (
    <LiftDialog
      row={lifting}
      onClose={() => {
        setLifting(null);
      }}
    />
  );
  if (first === undefined) return dialog;
  const several = rows.length > 1;
  return (
    <div role="status" className="border-b border-warn/30 bg-warn-tint px-4 py-1.5 text-base lg:px-6">
      {several && (
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <Hand aria-hidden className="size-4 shrink-0 text-warn" />
          <span>
            <span className="font-medium">{rows.length} overrides are in force.</span>
            {first.spec.expiresAtMs !== null && (
              <span className="max-sm:hidden">
                {" "}
                The next to end: {targetInWords(first.spec.target)}, <TimeLeft expiresAtMs={first.spec.expiresAtMs} />
              </span>
            )}
          </span>
          <Button
            size="sm"
            className="ml-auto"
            aria-expanded={open}
            aria-controls={listId}
            onClick={() => {
              setOpen(!open);
            }}
          >
            {open ? "Hide" : "Show"}
            <ChevronDown aria-hidden className={cn("transition-transform", open && "rotate-180")} />
          </Button>
        </div>
      )}
      {(!several || open) && (
        <ul
          id={listId}
          className={cn(several && "mt-1.5 flex max-h-[40dvh] flex-col divide-y divide-warn/20 overflow-y-auto")}
        >
          {rows.map((held) => (
            <BannerLine key={held.id} held={held} marked={!several} onLift={setLifting} />
          ))}
        </ul>
      )}
      {dialog}
    </div>
  );
}

interface BannerLineProps {
  readonly held: HeldOverride;
  readonly marked: boolean;
  readonly onLift: (row: PolicyRow<OverrideSpec>) => void;
}

function BannerLine({ held, marked, onLift }: BannerLineProps) {
  const { spec } = held;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-0.5">
      {marked && <Hand aria-hidden className="size-4 shrink-0 text-warn max-sm:hidden" />}
      <div className="min-w-0 flex-1 basis-72 break-words">
        <Link href={overrideLink(spec.target)} className="font-medium hover:underline">
          {modeInWords(spec)}: {targetInWords(spec.target)}
        </Link>
        <span className="text-ink-2">
          {" "}
          by {spec.actor}, {scopeInWords(spec.scope)}, <TimeLeft expiresAtMs={spec.expiresAtMs} />: “{spec.reason}”
        </span>
      </div>
      {held.row !== null && <DeliveryBadge policyKey={`overrides/${held.row.id}`} revision={held.row.revision} />}
      <OverrideActions held={held} onLift={onLift} />
    </li>
  );
}
