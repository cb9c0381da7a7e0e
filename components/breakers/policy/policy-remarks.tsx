"use client";

import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useMemo } from "react";
import { useWatch } from "react-hook-form";
import { breakerRemarks, type BreakerFacts, type BreakerRemark } from "#domain/breaker-lint.ts";
import { BreakerSettings, type BreakerTarget } from "#domain/breaker-policy.ts";
import { useTRPC } from "../../api/trpc.ts";
import { useLivePart } from "../../live/live-provider.tsx";
import { Notice } from "../../ui/notice.tsx";
import { policyFieldName } from "./field-names.ts";
import { knownFacts } from "./known-facts.ts";
import type { PolicyFormInput } from "./policy-form-input.ts";

/** Settings that are valid but make no sense together, or not with the present traffic: while they are typed. */
export function PolicyRemarks({ target }: { target: BreakerTarget }) {
  const settings = useDeferredValue(useWatch<PolicyFormInput, "settings">({ name: "settings" }));
  const facts = useFacts(target);
  const remarks = useMemo(() => {
    const parsed = BreakerSettings.safeParse(settings);
    return parsed.success ? breakerRemarks(parsed.data, facts) : [];
  }, [settings, facts]);
  if (remarks.length === 0) return null;
  return (
    <ul aria-label="Remarks" className="flex flex-col gap-2">
      {remarks.map((remark) => (
        <li key={`${remark.field} ${remark.severity}`}>
          <Remark remark={remark} />
        </li>
      ))}
    </ul>
  );
}

function Remark({ remark }: { remark: BreakerRemark }) {
  return (
    <Notice
      tone={remark.severity === "warning" ? "warn" : "info"}
      role="note"
      title={policyFieldName(`settings.${remark.field}`)}
    >
      {remark.message}
    </Notice>
  );
}

function useFacts(target: BreakerTarget): BreakerFacts {
  const breakers = useLivePart(({ picture }) => picture?.breakers);
  const routes = useQuery(useTRPC().routes.list.queryOptions()).data;
  return useMemo(() => knownFacts(target, breakers ?? [], routes ?? []), [target, breakers, routes]);
}
