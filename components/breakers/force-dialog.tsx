"use client";

import type { FleetBreaker } from "#domain/live.ts";
import type { OverrideMode, OverrideTarget } from "#domain/override.ts";
import { useLivePart } from "../live/live-provider.tsx";
import { OverrideDialog } from "./override-dialog.tsx";

interface ForceDialogProps {
  readonly breaker: Pick<FleetBreaker, "routeId" | "service">;
  readonly mode: OverrideMode;
  readonly onClose: () => void;
}

/** Forces a breaker: the calls of its route, all calls to its service, or one of the service's instances. */
export function ForceDialog({ breaker: { routeId, service }, mode, onClose }: ForceDialogProps) {
  const instances = useLivePart(({ picture }) => picture?.services.find(({ name }) => name === service)?.instances);
  const ofInstances = (instances ?? []).map(({ id }): OverrideTarget => ({ kind: "instance", service, instance: id }));
  return (
    <OverrideDialog
      targets={[{ kind: "command", routeId, service }, { kind: "service", service }, ...ofInstances]}
      mode={mode}
      onClose={onClose}
    />
  );
}
