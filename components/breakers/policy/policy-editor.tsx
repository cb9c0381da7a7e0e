"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { toast } from "sonner";
import { BreakerPolicySpec, DEFAULT_BREAKER_SETTINGS, type BreakerTarget } from "#domain/breaker-policy.ts";
import { targetInWords } from "#domain/override.ts";
import type { PolicyRow } from "#domain/policy.ts";
import { useTRPC } from "../../api/trpc.ts";
import { PolicyForm } from "../../policy/policy-form.tsx";
import { RemovePolicyButton } from "../../policy/remove-policy-button.tsx";
import { upsertRow } from "../../policy/upsert-row.ts";
import { useVersionedEdit } from "../../policy/use-versioned-edit.ts";
import { formMessage } from "../../ui/form-messages.ts";
import { SimulationPanel } from "../simulation/simulation-panel.tsx";
import { policyFieldName } from "./field-names.ts";
import { PolicyFields } from "./policy-fields.tsx";
import type { PolicyFormInput } from "./policy-form-input.ts";
import { PolicyRemarks } from "./policy-remarks.tsx";

type Row = PolicyRow<BreakerPolicySpec>;

interface PolicyEditorProps {
  readonly target: BreakerTarget;
  /** The saved policy; null while there is none. */
  readonly row: Row | null;
  /** What binds while there is none: a new policy starts from it. */
  readonly inherited: BreakerPolicySpec | null;
}

/** Settings and fallbacks of one target, saved on top of the version they were loaded from. */
export function PolicyEditor({ target, row, inherited }: PolicyEditorProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const savePolicy = useMutation(trpc.breakers.savePolicy.mutationOptions());
  const removePolicy = useMutation(trpc.breakers.removePolicy.mutationOptions());
  const valuesOf = (saved: Row | null): BreakerPolicySpec =>
    saved?.spec ?? {
      target,
      settings: inherited?.settings ?? DEFAULT_BREAKER_SETTINGS,
      fallbacks: inherited?.fallbacks ?? [],
    };
  const form = useForm<PolicyFormInput, unknown, BreakerPolicySpec>({
    resolver: zodResolver(BreakerPolicySpec, { error: formMessage }),
    defaultValues: valuesOf(row),
    mode: "onTouched",
    shouldFocusError: false,
  });
  const edit = useVersionedEdit<BreakerPolicySpec, PolicyFormInput, BreakerPolicySpec>({
    form,
    row,
    schema: BreakerPolicySpec,
    valuesOf,
    save: async (spec, base) => {
      const saved = await savePolicy.mutateAsync({ expectedVersion: base?.version ?? null, spec });
      queryClient.setQueryData(trpc.breakers.policies.queryKey(), (rows) => upsertRow(rows, saved));
      toast.success(`Policy saved as revision ${saved.revision.toString()}`);
      return saved;
    },
  });
  const { base } = edit;
  const fallbacks = base?.spec.fallbacks.length ?? 0;

  return (
    <PolicyForm
      kind="breakers"
      form={form}
      edit={edit}
      nameOf={policyFieldName}
      onReset={() => {
        form.setValue("settings", DEFAULT_BREAKER_SETTINGS, { shouldDirty: true, shouldValidate: true });
      }}
      remove={
        base !== null && (
          <RemovePolicyButton
            target={targetInWords(target)}
            remove={async () => {
              const removed = await removePolicy.mutateAsync({ id: base.id, expectedVersion: base.version });
              await queryClient.invalidateQueries(trpc.breakers.policies.queryFilter());
              return removed;
            }}
          >
            <p>
              {target.kind === "command"
                ? `Then the policy for all calls to ${target.service} binds, or the defaults.`
                : "Then the defaults bind."}
              {fallbacks > 0 && ` Its ${fallbacks === 1 ? "fallback" : "fallbacks"} will no longer be asked.`}
            </p>
          </RemovePolicyButton>
        )
      }
    >
      <div className="@container">
        <div className="grid items-start gap-x-8 gap-y-5 @4xl:grid-cols-[minmax(0,1fr)_400px]">
          <PolicyFields service={target.service} />
          <aside aria-label="About these settings" className="flex flex-col gap-4 @4xl:sticky @4xl:top-4">
            <PolicyRemarks target={target} />
            <SimulationPanel target={target} />
          </aside>
        </div>
      </div>
    </PolicyForm>
  );
}
