"use client";

import { ServiceName } from "#domain/service.ts";
import { ErrorState } from "../ui/error-state.tsx";
import { Panel } from "../ui/panel.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { ServicePolicyEditor } from "./service-policy-editor.tsx";
import { useServicePolicy } from "./use-service-policy.ts";

/** How instances of a service are chosen, whatever route leads to them. */
export function ServicePolicySection({ service }: { service: string }) {
  const { row, error, retry } = useServicePolicy(service);
  // The registry may hold names that no route and no policy can point at.
  if (!ServiceName.safeParse(service).success) return null;
  return (
    <Panel
      title="How instances are chosen"
      note={
        row === undefined
          ? undefined
          : row === null
            ? "the defaults; no policy is saved"
            : `version ${row.version.toString()}, saved by ${row.updatedBy}`
      }
      padded={row !== undefined || error !== null}
    >
      {row !== undefined ? (
        <ServicePolicyEditor key={service} service={service} row={row} />
      ) : error === null ? (
        <SkeletonRows rows={3} />
      ) : (
        <ErrorState error={error} onRetry={retry} />
      )}
    </Panel>
  );
}
