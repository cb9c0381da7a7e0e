"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import type { OverrideSpec } from "#domain/override.ts";
import type { PolicyRow } from "#domain/policy.ts";
import { messageOf } from "../api/mesh-error.ts";
import { useTRPC } from "../api/trpc.ts";
import { DeliveryBadge } from "../delivery/delivery-badge.tsx";
import { formatMoment, formatSpan } from "../format/time.ts";
import { useMayEdit } from "../identity/use-session.ts";
import { useServerNow } from "../live/use-now.ts";
import { Button } from "../ui/button.tsx";
import { MODE_WORDS, scopeInWords, targetInWords } from "./overrides-of.ts";

/** Overrides in force, each with who, why and until when, and the button that ends it. */
export function OverrideLines({ rows }: { rows: readonly PolicyRow<OverrideSpec>[] }) {
  return (
    <ul className="flex flex-col gap-2">
      {rows.map((row) => (
        <OverrideLine key={row.id} row={row} />
      ))}
    </ul>
  );
}

function OverrideLine({ row }: { row: PolicyRow<OverrideSpec> }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const nowMs = useServerNow();
  const mayEdit = useMayEdit();
  const { spec } = row;
  const lift = useMutation(
    trpc.breakers.lift.mutationOptions({
      onSuccess: async ({ revision }) => {
        toast.success(`Back to automatic, saved as revision ${revision.toString()}`);
        await queryClient.invalidateQueries(trpc.breakers.pathFilter());
      },
      onError: (error) => {
        toast.error(messageOf(error));
      },
    }),
  );
  const until = spec.expiresAtMs === null ? "until lifted" : `until ${formatMoment(spec.expiresAtMs, nowMs)} (${formatSpan(spec.expiresAtMs - nowMs)} left)`;
  return (
    <li className="flex flex-col gap-1 rounded-md border border-warn/40 bg-warn-tint px-2.5 py-1.5">
      <div className="flex flex-wrap items-center gap-2">
        <span className="font-medium">
          {MODE_WORDS[spec.mode]} by {spec.actor}
        </span>
        <span className="live ml-auto">
          <DeliveryBadge policyKey={`overrides/${row.id}`} revision={row.revision} />
        </span>
      </div>
      <div className="text-sm text-ink-2">
        {targetInWords(spec.target)}, {scopeInWords(spec.scope)}, {until}
      </div>
      <div className="break-words">“{spec.reason}”</div>
      <div>
        <Button size="sm" disabled={!mayEdit || lift.isPending} onClick={() => { lift.mutate({ id: row.id }); }}>
          Back to automatic
          <span className="sr-only"> {targetInWords(spec.target)}</span>
        </Button>
      </div>
    </li>
  );
}
