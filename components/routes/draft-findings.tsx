"use client";

import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { useDeferredValue, useMemo } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import type { Finding } from "#domain/route-finding.ts";
import { lintRoutes } from "#domain/route-lint.ts";
import { RouteSpec } from "#domain/route.ts";
import type { Published } from "#domain/snapshot.ts";
import { links } from "../links.ts";
import { cn } from "../ui/cn.ts";
import { withDraft } from "./draft-routes.ts";
import { findingsInWords, SEVERITIES, worstFirst } from "./finding-style.ts";
import type { RouteFormInput } from "./route-form-schema.ts";
import { useKnownServices } from "./use-known-services.ts";

interface DraftFindingsProps {
  readonly saved: readonly Published<RouteSpec>[];
  readonly onGoTo: (path: string) => void;
}

/** What the checks say of the route as it stands in the form, among all others: while it is typed, before it is saved. */
export function DraftFindings({ saved, onGoTo }: DraftFindingsProps) {
  const { control, formState } = useFormContext<RouteFormInput>();
  const { isDirty } = formState;
  const values = useDeferredValue(useWatch({ control }));
  const known = useKnownServices();
  const findings = useMemo(() => {
    const draft = RouteSpec.safeParse(values.spec);
    if (!draft.success) return null;
    const id = values.id ?? "";
    const routes = isDirty ? withDraft(saved, id, draft.data) : saved;
    return worstFirst(lintRoutes(routes, known).filter((finding) => finding.routeId === id));
  }, [values, isDirty, saved, known]);
  // While a field is wrong there is no route to check, and the field says so.
  if (findings === null || findings.length === 0) return null;
  const [worst] = findings;
  if (worst === undefined) return null;
  const { icon: Icon, color } = SEVERITIES[worst.severity];
  return (
    <details className="group/checks rounded-md border border-line bg-surface" aria-label="Checks">
      <summary className="flex list-none items-start gap-2 rounded-md px-3 py-1.5 hover:bg-sunken [&::-webkit-details-marker]:hidden">
        <Icon aria-hidden className={cn("mt-0.5 size-4 shrink-0", color)} />
        <span className="shrink-0 font-medium">{findingsInWords(findings)}</span>
        <span className="line-clamp-2 min-w-0 text-ink-2 group-open/checks:hidden">{worst.message}</span>
        <ChevronRight
          aria-hidden
          className="mt-0.5 ml-auto size-4 shrink-0 text-ink-3 transition-transform group-open/checks:rotate-90"
        />
      </summary>
      <ul className="flex max-h-48 flex-col gap-2 overflow-y-auto px-3 pt-1 pb-2">
        {findings.map((finding, at) => (
          <FindingLine key={`${finding.code} ${at.toString()}`} finding={finding} onGoTo={onGoTo} />
        ))}
      </ul>
    </details>
  );
}

function FindingLine({ finding, onGoTo }: { finding: Finding; onGoTo: (path: string) => void }) {
  const { severity, message, field, otherRouteId } = finding;
  const { icon: Icon, color } = SEVERITIES[severity];
  return (
    <li className="flex gap-2">
      <Icon role="img" aria-label={severity} className={cn("mt-0.5 size-4 shrink-0", color)} />
      <div className="min-w-0 break-words">
        {message}{" "}
        <span className="inline-flex gap-3">
          {field !== undefined && (
            <button
              type="button"
              className="rounded text-accent hover:underline"
              onClick={() => {
                onGoTo(`spec.${field}`);
              }}
            >
              Show the field
            </button>
          )}
          {otherRouteId !== undefined && (
            <Link href={links.route(otherRouteId)} className="text-accent hover:underline">
              Open {otherRouteId}
            </Link>
          )}
        </span>
      </div>
    </li>
  );
}
