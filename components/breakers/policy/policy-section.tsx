"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { breakerTargetId, type BreakerTarget } from "#domain/breaker-policy.ts";
import { useTRPC } from "../../api/trpc.ts";
import { ErrorState } from "../../ui/error-state.tsx";
import { Panel } from "../../ui/panel.tsx";
import { SegmentedControl } from "../../ui/segmented-control.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { PolicyEditor } from "./policy-editor.tsx";

/** Which policy binds the breaker, and its form: for the route's calls alone, or for all calls to the service. */
export function PolicySection({ target }: { target: BreakerTarget }) {
  const policies = useQuery(useTRPC().breakers.policies.queryOptions());
  const [chosen, setChosen] = useState<BreakerTarget["kind"] | null>(null);
  if (policies.data === undefined) {
    return (
      <Panel title="Policy" padded={policies.isError}>
        {policies.isError ? (
          <ErrorState error={policies.error} onRetry={() => void policies.refetch()} />
        ) : (
          <SkeletonRows rows={3} />
        )}
      </Panel>
    );
  }
  const rowOf = (candidate: BreakerTarget) => policies.data.find((row) => row.id === breakerTargetId(candidate));
  const service: BreakerTarget = { kind: "service", service: target.service };
  const inForce = target.kind === "command" && rowOf(target) !== undefined ? "command" : "service";
  const edited = target.kind === "service" ? service : (chosen ?? inForce) === "command" ? target : service;
  const row = rowOf(edited);
  const binding =
    rowOf(target) !== undefined
      ? target.kind === "command"
        ? "In force: the policy of this route's calls."
        : "In force, except where a route has a policy of its own."
      : rowOf(service) !== undefined
        ? `In force: the policy for all calls to ${target.service}.`
        : "In force: the defaults; no policy is saved.";
  return (
    <Panel
      title="Policy"
      note={binding}
      actions={
        target.kind === "command" && (
          <SegmentedControl
            label="Edit the policy for"
            options={[
              { value: "command", label: "This route's calls" },
              { value: "service", label: `All calls to ${target.service}` },
            ]}
            value={edited.kind}
            onChange={(kind) => {
              setChosen(kind === "command" ? "command" : "service");
            }}
          />
        )
      }
    >
      <PolicyEditor
        key={breakerTargetId(edited)}
        target={edited}
        row={row ?? null}
        inherited={rowOf(service)?.spec ?? null}
      />
    </Panel>
  );
}
