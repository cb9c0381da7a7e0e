"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { toast } from "sonner";
import type { PolicyRow } from "#domain/policy.ts";
import { defaultServicePolicy, ServicePolicySpec } from "#domain/service-policy.ts";
import { useTRPC } from "../api/trpc.ts";
import { PolicyForm } from "../policy/policy-form.tsx";
import { RemovePolicyButton } from "../policy/remove-policy-button.tsx";
import { upsertRow } from "../policy/upsert-row.ts";
import { useVersionedEdit } from "../policy/use-versioned-edit.ts";
import { formMessage } from "../ui/form-messages.ts";
import { BalancingFields } from "./balancing-fields.tsx";
import type { ServicePolicyInput } from "./service-policy-words.ts";
import { HealthCheckSection, OutlierSection, TlsSection } from "./watching-sections.tsx";

type Row = PolicyRow<ServicePolicySpec>;

interface ServicePolicyEditorProps {
  readonly service: string;
  /** The saved policy; null while there is none. */
  readonly row: Row | null;
}

/** What the form holds: all but drains and weights, which are set where instances are listed. */
function withoutInstances(spec: ServicePolicySpec): ServicePolicySpec {
  return { ...spec, instances: {} };
}

/** How a service's instances are chosen and watched. */
export function ServicePolicyEditor({ service, row }: ServicePolicyEditorProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const savePolicy = useMutation(trpc.services.savePolicy.mutationOptions());
  const removePolicy = useMutation(trpc.services.removePolicy.mutationOptions());
  const valuesOf = (saved: Row | null): ServicePolicySpec =>
    withoutInstances(saved?.spec ?? defaultServicePolicy(service));
  const form = useForm<ServicePolicyInput, unknown, ServicePolicySpec>({
    resolver: zodResolver(ServicePolicySpec, { error: formMessage }),
    defaultValues: valuesOf(row),
    mode: "onTouched",
    shouldFocusError: false,
  });
  const edit = useVersionedEdit<ServicePolicySpec, ServicePolicyInput, ServicePolicySpec>({
    form,
    row,
    schema: ServicePolicySpec,
    valuesOf,
    sameHere: (a, b) => JSON.stringify(withoutInstances(a)) === JSON.stringify(withoutInstances(b)),
    save: async (spec, base) => {
      const saved = await savePolicy.mutateAsync({
        expectedVersion: base?.version ?? null,
        spec: { ...spec, instances: base?.spec.instances ?? {} },
      });
      queryClient.setQueryData(trpc.services.policies.queryKey(), (rows) => upsertRow(rows, saved));
      toast.success(`Policy saved as revision ${saved.revision.toString()}`);
      return saved;
    },
  });
  const { base } = edit;
  const set = Object.keys(base?.spec.instances ?? {}).length;
  return (
    <PolicyForm
      kind="services"
      form={form}
      edit={edit}
      onReset={() => {
        form.reset(withoutInstances(defaultServicePolicy(service)), { keepDefaultValues: true });
      }}
      remove={
        base !== null && (
          <RemovePolicyButton
            target={service}
            remove={async () => {
              const removed = await removePolicy.mutateAsync({ id: base.id, expectedVersion: base.version });
              await queryClient.invalidateQueries(trpc.services.policies.queryFilter());
              return removed;
            }}
          >
            <p>
              Then the defaults bind: instances take turns.
              {set > 0 &&
                ` The drains and weights of ${set === 1 ? "one instance" : `${set.toString()} instances`} go with it: what is drained takes requests again.`}
            </p>
          </RemovePolicyButton>
        )
      }
    >
      <BalancingFields />
      <div className="overflow-hidden rounded-md border border-line">
        <OutlierSection />
        <HealthCheckSection />
        <TlsSection />
      </div>
    </PolicyForm>
  );
}
