"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Controller, useForm, useWatch } from "react-hook-form";
import { toast } from "sonner";
import type { z } from "zod";
import type { FleetBreaker } from "#domain/live.ts";
import { OverrideDraft, type OverrideMode } from "#domain/override.ts";
import { showRefusal } from "../api/show-refusal.ts";
import { useTRPC } from "../api/trpc.ts";
import { useLive } from "../live/live-provider.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { errorText } from "../ui/error-text.ts";
import { Field } from "../ui/field.tsx";
import { NativeSelect, Textarea } from "../ui/input.tsx";
import { Notice } from "../ui/notice.tsx";
import { forceEffect } from "./force-effect.ts";

const MINUTE_MS = 60_000;
const UNTIL_LIFTED = "lifted";
const EXPIRIES = [
  { value: String(15 * MINUTE_MS), label: "After 15 minutes" },
  { value: String(60 * MINUTE_MS), label: "After 1 hour" },
  { value: String(240 * MINUTE_MS), label: "After 4 hours" },
  { value: UNTIL_LIFTED, label: "When I lift it" },
];
const FLEET = "";

interface ForceDialogProps {
  readonly breaker: FleetBreaker;
  readonly mode: OverrideMode;
  readonly onClose: () => void;
}

/** Asks why, where and for how long before a breaker is forced, and says what it will do to whom. */
export function ForceDialog({ breaker, mode, onClose }: ForceDialogProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { picture } = useLive();
  const form = useForm<z.input<typeof OverrideDraft>, unknown, OverrideDraft>({
    resolver: zodResolver(OverrideDraft),
    defaultValues: {
      target: { kind: "command", routeId: breaker.routeId, service: breaker.service },
      mode,
      reason: "",
      scope: { kind: "fleet" },
      durationMs: 15 * MINUTE_MS,
    },
  });
  const { errors, isSubmitting } = form.formState;
  const target = useWatch({ control: form.control, name: "target" });
  const force = useMutation(trpc.breakers.force.mutationOptions());
  const word = mode === "forced-open" ? "Force open" : "Force closed";

  const submit = form.handleSubmit(async (draft) => {
    try {
      const row = await force.mutateAsync(draft);
      toast.success(`${word}: saved as revision ${row.revision.toString()}`);
      await queryClient.invalidateQueries(trpc.breakers.pathFilter());
      onClose();
    } catch (error) {
      showRefusal(form, error);
    }
  });

  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={`${word}: ${breaker.key}`}
      description={forceEffect(picture?.breakers ?? [breaker], target, mode)}
    >
      <form className="flex flex-col gap-3" noValidate onSubmit={(event) => void submit(event)}>
        <Field label="Reason" error={errors.reason?.message}>
          {(control) => (
            <Textarea {...form.register("reason")} {...control} placeholder="What is going on, for the next person" />
          )}
        </Field>
        <Controller
          control={form.control}
          name="target"
          render={({ field }) => (
            <Field label="Applies to">
              {(control) => (
                <NativeSelect
                  {...control}
                  value={field.value.kind}
                  onChange={(event) => {
                    const { routeId, service } = breaker;
                    field.onChange(
                      event.target.value === "service"
                        ? { kind: "service", service }
                        : { kind: "command", routeId, service },
                    );
                  }}
                >
                  <option value="command">{`Calls of route ${breaker.routeId} to ${breaker.service}`}</option>
                  <option value="service">{`All calls to ${breaker.service}`}</option>
                </NativeSelect>
              )}
            </Field>
          )}
        />
        <div className="grid gap-3 sm:grid-cols-2">
          <Controller
            control={form.control}
            name="durationMs"
            render={({ field }) => (
              <Field label="Ends" error={errors.durationMs?.message}>
                {(control) => (
                  <NativeSelect
                    {...control}
                    value={field.value === null ? UNTIL_LIFTED : String(field.value)}
                    onChange={(event) => {
                      field.onChange(event.target.value === UNTIL_LIFTED ? null : Number(event.target.value));
                    }}
                  >
                    {EXPIRIES.map(({ value, label }) => (
                      <option key={value} value={value}>
                        {label}
                      </option>
                    ))}
                  </NativeSelect>
                )}
              </Field>
            )}
          />
          <Controller
            control={form.control}
            name="scope"
            render={({ field }) => (
              <Field label="Where">
                {(control) => (
                  <NativeSelect
                    {...control}
                    value={field.value?.kind === "gateway" ? field.value.gatewayId : FLEET}
                    onChange={(event) => {
                      field.onChange(
                        event.target.value === FLEET
                          ? { kind: "fleet" }
                          : { kind: "gateway", gatewayId: event.target.value },
                      );
                    }}
                  >
                    <option value={FLEET}>All gateways</option>
                    {(picture?.gateways ?? []).map((gateway) => (
                      <option key={gateway.id} value={gateway.id}>
                        Only {gateway.id}
                      </option>
                    ))}
                  </NativeSelect>
                )}
              </Field>
            )}
          />
        </div>
        {errorText(errors, "root.console") !== undefined && (
          <Notice tone="bad" role="alert" title="Not saved">
            {errorText(errors, "root.console")}
          </Notice>
        )}
        <div className="mt-2 flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant={mode === "forced-open" ? "danger" : "primary"} disabled={isSubmitting}>
            {word}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
