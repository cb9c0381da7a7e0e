"use client";

import type { LiveService } from "#domain/live.ts";
import type { PolicyRow } from "#domain/policy.ts";
import type { ServicePolicySpec } from "#domain/service-policy.ts";
import { messageOf } from "../api/mesh-error.ts";
import { Button } from "../ui/button.tsx";
import { useSaveInstances } from "./use-save-instances.ts";

interface GoneInstancesProps {
  readonly service: LiveService;
  readonly row: PolicyRow<ServicePolicySpec>;
  readonly mayEdit: boolean;
}

/** Drains and weights of instances that are not registered: in force again should they come back under the same id. */
export function GoneInstances({ service, row, mayEdit }: GoneInstancesProps) {
  const { instances } = row.spec;
  const here = new Set(service.instances.map(({ id }) => id));
  const gone = Object.keys(instances).filter((id) => !here.has(id));
  const { save, isPending, error } = useSaveInstances(service.name, row, service.name);
  if (gone.length === 0) return null;
  const forget = (): void => {
    const kept = Object.entries(instances).filter(([id]) => here.has(id));
    save(Object.fromEntries(kept), () => undefined);
  };
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line px-4 py-2 text-ink-2">
      <span className="min-w-0 break-words">
        A drain or weight is kept for {gone.length === 1 ? "an instance that is" : "instances that are"} not registered
        now: {gone.join(", ")}.
      </span>
      <Button size="sm" disabled={!mayEdit || isPending} onClick={forget}>
        Forget {gone.length === 1 ? "it" : "them"}
      </Button>
      {error !== null && (
        <span role="alert" className="text-bad">
          {messageOf(error)}
        </span>
      )}
    </div>
  );
}
