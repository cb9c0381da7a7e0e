"use client";

import { useRef } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import { Panel } from "../ui/panel.tsx";
import { SegmentedControl } from "../ui/segmented-control.tsx";
import { FixedResponseFields, RedirectFields } from "./answer-fields.tsx";
import { DestinationsFields } from "./destinations-fields.tsx";
import { EMPTY_DESTINATION, FRESH, type DraftSpec, type RouteFormInput } from "./route-form-schema.ts";

const ACTIONS = [
  { value: "forward", label: "Forward to services" },
  { value: "redirect", label: "Redirect" },
  { value: "fixed", label: "Fixed response" },
];

type Kept = Pick<DraftSpec, "destinations"> & {
  readonly redirect: DraftSpec["answer"];
  readonly fixed: DraftSpec["answer"];
};

/** What becomes of the requests. What was filled in for one action comes back when it is chosen again. */
export function ActionFields({ routeId }: { routeId: string }) {
  const { control, getValues, setValue, formState } = useFormContext<RouteFormInput>();
  const action = useWatch({ control, name: "spec.answer.kind" }) ?? "forward";
  const kept = useRef<Kept>({ destinations: [EMPTY_DESTINATION], redirect: FRESH.redirect, fixed: FRESH.fixed });

  const choose = (next: string): void => {
    const { answer, destinations } = getValues("spec");
    kept.current = {
      destinations: destinations.length === 0 ? kept.current.destinations : destinations,
      redirect: answer?.kind === "redirect" ? answer : kept.current.redirect,
      fixed: answer?.kind === "fixed" ? answer : kept.current.fixed,
    };
    const chosen = next === "redirect" ? kept.current.redirect : next === "fixed" ? kept.current.fixed : null;
    const options = { shouldDirty: true, shouldValidate: formState.isSubmitted };
    setValue("spec.answer", chosen ?? null, options);
    setValue("spec.destinations", chosen == null ? kept.current.destinations : [], options);
  };

  return (
    <Panel
      title="Action"
      actions={
        <SegmentedControl label="What becomes of a request" options={ACTIONS} value={action} onChange={choose} />
      }
    >
      {action === "forward" ? (
        <DestinationsFields routeId={routeId} />
      ) : (
        <div data-field="spec.destinations" key={action}>
          {action === "redirect" ? <RedirectFields /> : <FixedResponseFields />}
        </div>
      )}
    </Panel>
  );
}
