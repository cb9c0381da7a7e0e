"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { LiveService } from "#domain/live.ts";
import type { PolicyRow } from "#domain/policy.ts";
import {
  defaultServicePolicy,
  InstanceSetting,
  settingInForce,
  type ServicePolicySpec,
} from "#domain/service-policy.ts";
import { messageOf } from "../api/mesh-error.ts";
import { useTRPC } from "../api/trpc.ts";
import { formatRate } from "../format/number.ts";
import { CheckChoice } from "../ui/check-choice.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { Field } from "../ui/field.tsx";
import { formMessage } from "../ui/form-messages.ts";
import { Input } from "../ui/input.tsx";
import { Notice } from "../ui/notice.tsx";
import { drainEffect, takesRequests, type DrainEffect } from "./drain-effect.ts";
import { useSaveInstances } from "./use-save-instances.ts";

export type InstanceChange = "drain" | "undrain" | "weight";

interface InstanceDialogProps {
  readonly service: LiveService;
  readonly instanceId: string;
  readonly change: InstanceChange;
  /** The service's saved policy; null while there is none. */
  readonly row: PolicyRow<ServicePolicySpec> | null;
  readonly onClose: () => void;
}

const WORDS = {
  drain: { title: "Drain", confirm: "Drain" },
  undrain: { title: "Send requests again to", confirm: "Send requests again" },
  weight: { title: "Weight of", confirm: "Save weight" },
} as const;

/** Says what a change of one instance affects, then saves it in the service's policy. */
export function InstanceDialog({ service, instanceId, change, row, onClose }: InstanceDialogProps) {
  const trpc = useTRPC();
  const routes = useQuery(trpc.routes.list.queryOptions());
  const spec = row?.spec ?? defaultServicePolicy(service.name);
  const instance = service.instances.find(({ id }) => id === instanceId);
  const registered = { id: instanceId, weight: instance?.weight ?? null };
  const now = settingInForce(spec.instances, registered);
  const [typed, setTyped] = useState(now.weight.toString());
  const [agreed, setAgreed] = useState(false);
  const next = InstanceSetting.safeParse(
    change === "weight"
      ? { ...now, weight: typed.trim() === "" ? Number.NaN : Number(typed) }
      : { ...now, drained: change === "drain" },
    { error: formMessage },
  );
  const { save, isPending, error } = useSaveInstances(service.name, row, instanceId);
  const took = instance !== undefined && takesRequests(spec.instances, instance);
  const will =
    instance !== undefined && next.success && takesRequests({ ...spec.instances, [instanceId]: next.data }, instance);
  const stops = took && next.success && !will;
  const effect = drainEffect(service, spec.instances, routes.data ?? [], instanceId);
  const dangerous = stops && (effect.others.length === 0 || effect.stranded.length > 0);

  const confirm = (): void => {
    if (!next.success) return;
    const { [instanceId]: _, ...others } = spec.instances;
    const usual = next.data.weight === settingInForce({}, registered).weight && !next.data.drained;
    const instances = usual ? others : { ...others, [instanceId]: next.data };
    save(instances, onClose);
  };

  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={`${WORDS[change].title} ${instanceId}?`}
      confirm={WORDS[change].confirm}
      danger={dangerous}
      busy={isPending || !next.success || (dangerous && !agreed)}
      onConfirm={confirm}
    >
      {change === "weight" && (
        <Field
          label="Weight"
          hint="Relative to the others; 100 is one share, 0 none. At most 1000."
          error={next.success ? undefined : next.error.issues[0]?.message}
        >
          {(control) => (
            <Input
              {...control}
              type="number"
              min={0}
              max={1000}
              value={typed}
              onChange={(event) => {
                setTyped(event.target.value);
              }}
            />
          )}
        </Field>
      )}
      {change === "undrain" && (
        <p>
          It takes its turn again like the others{now.weight === 100 ? "" : `, with weight ${now.weight.toString()}`}.
        </p>
      )}
      {stops && <StopEffect service={service.name} effect={effect} />}
      {dangerous && (
        <CheckChoice
          label={`I know that requests to ${service.name} will fail`}
          checked={agreed}
          onChange={setAgreed}
        />
      )}
      {error !== null && (
        <Notice tone="bad" role="alert">
          {messageOf(error)}
        </Notice>
      )}
    </ConfirmDialog>
  );
}

function StopEffect({ service, effect }: { service: string; effect: DrainEffect }) {
  const { rate, others, stranded } = effect;
  return (
    <>
      <p>
        {rate > 0 ? `It carries ${formatRate(rate)} now.` : "It carries no traffic now."} Requests in flight end; new
        ones{" "}
        {others.length === 0
          ? "have nowhere to go."
          : `go to ${others.length > 3 ? `the other ${others.length.toString()} instances` : others.join(", ")}.`}
      </p>
      {others.length === 0 ? (
        <Notice tone="bad" role="alert" title={`This is the last instance of ${service} that takes requests`}>
          After this every request to {service} fails with 503, unless a backup answers it.
        </Notice>
      ) : (
        stranded.length > 0 && (
          <Notice tone="bad" role="alert" title="Nobody else serves this">
            <ul>
              {stranded.map(({ routeId, destination }) => (
                <li key={`${routeId} ${destination}`}>
                  Route {routeId} sends requests to {destination}: they will fail with 503, unless a backup answers
                  them.
                </li>
              ))}
            </ul>
          </Notice>
        )
      )}
    </>
  );
}
