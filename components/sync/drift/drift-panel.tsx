"use client";

import { useQuery } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { useState } from "react";
import { DriftState, FINDINGS_MAX, type DriftMode } from "#domain/drift.ts";
import { useTRPC } from "../../api/trpc.ts";
import { plainText } from "../../diff/plain-text.ts";
import { useMayEdit } from "../../identity/use-session.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { NativeSelect } from "../../ui/input.tsx";
import { Panel } from "../../ui/panel.tsx";
import { SearchInput } from "../../ui/search-input.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { useTextFilter } from "../../ui/use-text-filter.ts";
import { useUrlState } from "../../ui/use-url-state.ts";
import { policyPlace } from "../policy-place.ts";
import { DriftModeSwitch } from "./drift-mode-switch.tsx";
import { DriftTable } from "./drift-table.tsx";
import { DRIFT_PANEL, DRIFT_STATES, STANDING } from "./drift-words.ts";

/**
 * While this page is open, ms. What was put right at once moves nothing in the live picture; what waits moves it, except
 * when it is found otherwise again.
 */
const REFRESH_MS = { over: 5000, standing: 15_000 } as const;

/** Published nodes that somebody else changed: the setting, the findings, and what can be done about each. */
export function DriftPanel({ mode }: { mode: DriftMode }) {
  const [wanted, setWanted] = useUrlState("drift");
  const state = DriftState.safeParse(wanted).data;
  const over = wanted === "all" || (state !== undefined && !STANDING.includes(state));
  const findings = useQuery(
    useTRPC().sync.drift.queryOptions(
      { state: over ? "all" : "standing", limit: FINDINGS_MAX },
      { refetchInterval: over ? REFRESH_MS.over : REFRESH_MS.standing },
    ),
  );
  const mayEdit = useMayEdit();
  const filter = useTextFilter();
  // Who came by a link about one object wants to see it; who types into the search does not want rows to jump open.
  const [arrivedFor] = useState(filter.text);
  const inState = (findings.data ?? []).filter((finding) => state === undefined || finding.state === state);
  const shown = inState.filter(({ key, problem, decidedBy }) =>
    filter.matches(key, policyPlace(key).name, problem, decidedBy ?? ""),
  );
  return (
    <div id={DRIFT_PANEL} tabIndex={-1} className="scroll-mt-24 outline-none">
      <Panel
        title="Changed by others"
        note="published nodes that were not as published"
        padded={false}
        actions={
          <>
            <NativeSelect
              aria-label="Which findings"
              className="w-auto"
              value={state ?? (over ? "all" : "")}
              onChange={(event) => {
                setWanted(event.target.value);
              }}
            >
              <option value="">Not settled</option>
              <option value="all">All</option>
              {DriftState.options.map((one) => (
                <option key={one} value={one}>
                  {DRIFT_STATES[one].word}
                </option>
              ))}
            </NativeSelect>
            <SearchInput label="Search findings" value={filter.text} onChange={filter.setText} />
          </>
        }
      >
        <DriftModeSwitch mode={mode} />
        {findings.isPending && <SkeletonRows rows={3} />}
        {findings.isError && findings.data === undefined && (
          <div className="p-4">
            <ErrorState error={findings.error} onRetry={() => void findings.refetch()} />
          </div>
        )}
        {findings.data !== undefined && inState.length === 0 && (
          <EmptyState
            icon={ShieldCheck}
            title={over || state !== undefined ? "No such finding" : "Nothing waits for a decision"}
          >
            {over && state === undefined
              ? "Nobody but Meshkeeper has changed what it published."
              : "What was put right or decided before is under “All”."}
          </EmptyState>
        )}
        {inState.length > 0 && shown.length === 0 && (
          <EmptyState icon={ShieldCheck} title={`No finding matches “${plainText(filter.text)}”`} />
        )}
        {shown.length > 0 && (
          <DriftTable findings={shown} everything={findings.data ?? []} mayDecide={mayEdit} openKey={arrivedFor} />
        )}
        {findings.data?.length === FINDINGS_MAX && (
          <p className="border-t border-line px-4 py-2 text-sm text-ink-3">
            The latest {FINDINGS_MAX} are listed.{" "}
            {over ? "The audit log has all of them." : "The next come up as these are decided."}
          </p>
        )}
      </Panel>
    </div>
  );
}
