"use client";

import { CHANGE_LIMITS } from "#domain/instance-change.ts";
import type { LiveService } from "#domain/live.ts";
import type { ServicePolicySpec } from "#domain/service-policy.ts";
import { messageOf } from "../api/mesh-error.ts";
import { countInWords } from "../instances/change-plan.ts";
import { useChangeInstances } from "../instances/use-change-instances.ts";
import { Button } from "../ui/button.tsx";

interface GoneInstancesProps {
  readonly service: LiveService;
  readonly settings: ServicePolicySpec["instances"];
  readonly mayEdit: boolean;
}

/** Drains and weights of instances that are not registered: in force again should they come back under the same id. */
export function GoneInstances({ service, settings, mayEdit }: GoneInstancesProps) {
  const here = new Set(service.instances.map(({ id }) => id));
  const gone = Object.keys(settings).filter((id) => !here.has(id));
  const refs = gone.map((id) => ({ service: service.name, id }));
  const forget = useChangeInstances(`Forgot what was set for ${countInWords(refs)}`);
  if (gone.length === 0) return null;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line px-4 py-2 text-ink-2">
      <span className="min-w-0 break-words">
        A drain or weight is kept for {gone.length === 1 ? "an instance that is" : "instances that are"} not registered
        now: {gone.join(", ")}.
      </span>
      <Button
        size="sm"
        disabled={!mayEdit || forget.isPending}
        onClick={() => {
          // The rest with the next press.
          const instances = gone.slice(0, CHANGE_LIMITS.instances);
          forget.mutate({ changes: [{ service: service.name, instances, action: { kind: "forget" } }] });
        }}
      >
        Forget {gone.length === 1 ? "it" : "them"}
      </Button>
      {forget.error !== null && (
        <span role="alert" className="text-bad">
          {messageOf(forget.error)}
        </span>
      )}
    </div>
  );
}
