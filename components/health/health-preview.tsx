"use client";

import { ArrowRight } from "lucide-react";
import Link from "next/link";
import { useMemo } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import { healthOutlook, type HealthOutlook, type HealthShift } from "#domain/health-outlook.ts";
import { HealthPolicySpec } from "#domain/health-policy.ts";
import type { Health } from "#domain/topology.ts";
import { links } from "../links.ts";
import { useLivePart } from "../live/live-provider.tsx";
import { HealthBadge } from "../topology/health-badge.tsx";
import { HEALTH_STYLES } from "../topology/health-style.ts";
import { Panel } from "../ui/panel.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import type { HealthFormInput } from "./health-form-input.ts";

/** More than anybody reads before saving. */
const SHIFTS_MAX = 50;
const SHOWN: readonly Health[] = ["failing", "degraded", "healthy", "idle"];

/** What the thresholds typed so far would make of the mesh as it is now. */
export function HealthPreview({ saved }: { saved: HealthPolicySpec }) {
  const { control } = useFormContext<HealthFormInput>();
  const typed = useWatch({ control });
  const picture = useLivePart((state) => state.picture);
  const draft = useMemo(() => HealthPolicySpec.safeParse(typed).data ?? null, [typed]);
  const outlook = useMemo(
    () => (picture === null || draft === null ? null : healthOutlook(picture, saved, draft)),
    [picture, saved, draft],
  );
  return (
    <Panel title="With these thresholds now" className="live max-xl:order-first xl:sticky xl:top-4">
      {picture === null && <Skeleton className="h-24" />}
      {picture !== null && draft === null && (
        <p className="text-ink-2">Shown once every field holds a figure that can be saved.</p>
      )}
      {outlook !== null && <Outlook outlook={outlook} />}
    </Panel>
  );
}

function Outlook({ outlook: { now, drafted, shifts } }: { outlook: HealthOutlook }) {
  return (
    <div className="flex flex-col gap-3">
      <ul className="grid grid-cols-2 gap-2" aria-label="Services by health">
        {SHOWN.map((health) => {
          const { icon: Icon, word, color } = HEALTH_STYLES[health];
          const change = drafted[health] - now[health];
          return (
            <li key={health} className="flex items-center gap-2">
              <Icon aria-hidden className="size-4 shrink-0" style={{ color }} />
              <span className="text-md font-semibold tabular-nums">{drafted[health]}</span>
              <span className="text-ink-2">{word.toLowerCase()}</span>
              {change !== 0 && (
                <span className="text-sm text-ink-3 tabular-nums">
                  {change > 0 ? `+${change.toString()}` : `−${Math.abs(change).toString()}`}
                </span>
              )}
            </li>
          );
        })}
      </ul>
      {shifts.length === 0 ? (
        <p className="text-sm text-ink-3">
          The same as with the saved ones. Outside, as the topology has it, is judged and counted like a service.
        </p>
      ) : (
        <ul className="flex max-h-56 flex-col xl:max-h-96 gap-2 overflow-y-auto" aria-label="Judged otherwise">
          {shifts.slice(0, SHIFTS_MAX).map((shift) => (
            <Shift key={shift.id} shift={shift} />
          ))}
          {shifts.length > SHIFTS_MAX && (
            <li className="text-sm text-ink-3">and {(shifts.length - SHIFTS_MAX).toString()} more</li>
          )}
        </ul>
      )}
    </div>
  );
}

function Shift({ shift: { id, name, from, to, reason } }: { shift: HealthShift }) {
  return (
    <li className="rounded-md border border-line p-2">
      <div className="flex flex-wrap items-center gap-1.5">
        <Link href={links.topology(id)} className="mr-auto min-w-0 font-medium break-words hover:underline">
          {name}
        </Link>
        <span className="flex items-center gap-1.5">
          <HealthBadge health={from} />
          <ArrowRight aria-label="becomes" className="size-3.5 shrink-0 text-ink-3" />
          <HealthBadge health={to} />
        </span>
      </div>
      <p className="mt-1 text-sm text-ink-2">{reason}</p>
    </li>
  );
}
