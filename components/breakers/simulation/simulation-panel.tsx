"use client";

import { History, LoaderCircle } from "lucide-react";
import { useMemo, useState } from "react";
import { useWatch } from "react-hook-form";
import type { SimulationDraft } from "#domain/breaker-history.ts";
import { BreakerSettings, type BreakerTarget } from "#domain/breaker-policy.ts";
import { useServerNow } from "../../live/use-now.ts";
import { Button } from "../../ui/button.tsx";
import { cn } from "../../ui/cn.ts";
import { ErrorState } from "../../ui/error-state.tsx";
import { formMessage } from "../../ui/form-messages.ts";
import { SegmentedControl } from "../../ui/segmented-control.tsx";
import { policyFieldName } from "../policy/field-names.ts";
import type { PolicyFormInput } from "../policy/policy-form-input.ts";
import { SimulationResult } from "./simulation-result.tsx";
import { useSimulation } from "./use-simulation.ts";

const HOURS = [
  { value: "1", label: "1 h" },
  { value: "6", label: "6 h" },
  { value: "24", label: "24 h" },
];

/** What the settings in the form would have done with the calls of the last hours, beside those in force. */
export function SimulationPanel({ target }: { target: BreakerTarget }) {
  const settings = useWatch<PolicyFormInput, "settings">({ name: "settings" });
  const [hours, setHours] = useState("1");
  const [wanted, setWanted] = useState(false);
  const nowMs = useServerNow();
  const parsed = useMemo(() => BreakerSettings.safeParse(settings, { error: formMessage }), [settings]);
  const draft: SimulationDraft | null =
    wanted && parsed.success ? { target, settings: parsed.data, hours: Number(hours) } : null;
  const { report, running } = useSimulation(draft);
  const first = parsed.success ? undefined : parsed.error.issues[0];
  const wrong =
    first === undefined ? null : `${policyFieldName(["settings", ...first.path].join("."))}: ${first.message}`;
  return (
    <section aria-label="Simulation" className="rounded-lg border border-line bg-canvas">
      <header className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2">
        <h3 className="font-semibold">What would these settings have done?</h3>
        <div className="ml-auto">
          <SegmentedControl label="Hours simulated" options={HOURS} value={hours} onChange={setHours} />
        </div>
      </header>
      <div aria-busy={running} className="flex flex-col gap-3 p-3">
        {!wanted && (
          <p className="text-ink-2">
            Replays the recorded calls of this breaker against the settings in the form, and against those in force.
            Nothing is saved and no call is made.
          </p>
        )}
        {wrong !== null && (
          <p role="status" className="text-bad">
            First put right: {wrong}
          </p>
        )}
        {!wanted && (
          <Button
            className="self-start"
            disabled={wrong !== null}
            onClick={() => {
              setWanted(true);
            }}
          >
            <History aria-hidden />
            Simulate
          </Button>
        )}
        {wanted && !running && wrong === null && (
          <Button
            size="sm"
            className="self-start"
            onClick={() => {
              void report.refetch();
            }}
          >
            <History aria-hidden />
            Simulate again
          </Button>
        )}
        {wanted && running && (
          <p role="status" className="flex items-center gap-1.5 text-ink-3">
            <LoaderCircle aria-hidden className="size-4 animate-spin" />
            Replaying…
          </p>
        )}
        {report.isError && <ErrorState error={report.error} onRetry={() => void report.refetch()} />}
        {report.data !== undefined && (
          <div className={cn(running && "opacity-60")}>
            <SimulationResult report={report.data} hours={Number(hours)} nowMs={nowMs} />
          </div>
        )}
      </div>
    </section>
  );
}
