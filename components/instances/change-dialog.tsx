"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { InstanceAction } from "#domain/instance-change.ts";
import { meshErrorOf, messageOf } from "../api/mesh-error.ts";
import { useTRPC } from "../api/trpc.ts";
import { useLive } from "../live/live-provider.tsx";
import { useServerNow } from "../live/use-now.ts";
import { CheckChoice } from "../ui/check-choice.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { Notice } from "../ui/notice.tsx";
import {
  changesOf,
  countInWords,
  isDangerous,
  namesInWords,
  planChange,
  tooMuchInWords,
  type ChangeKind,
  type ServicePlan,
} from "./change-plan.ts";
import type { InstanceRef } from "./instance-row.ts";
import { PlanDetails } from "./plan-details.tsx";
import { useChangeInstances, type SavedChange } from "./use-change-instances.ts";
import { useInstanceSettings } from "./use-instance-settings.ts";
import { useWeightChoice, WeightFields } from "./weight-fields.tsx";

interface ChangeDialogProps {
  readonly kind: ChangeKind;
  readonly chosen: readonly InstanceRef[];
  readonly onSaved: (saved: SavedChange) => void;
  readonly onClose: () => void;
}

const WORDS = {
  drain: { title: "Drain", confirm: "Drain", done: "Drained" },
  undrain: { title: "Send requests again to", confirm: "Send requests again", done: "Sent requests again to" },
  weight: { title: "Weight of", confirm: "Save weight", done: "Changed the weight of" },
} as const;

/** Says what a change of one instance or of many does, service by service, then saves it in one revision. */
export function ChangeDialog({ kind, chosen, onSaved, onClose }: ChangeDialogProps) {
  const settingsOf = useInstanceSettings();
  const services = useLive().picture?.services ?? [];
  const routes = useQuery(useTRPC().routes.list.queryOptions()).data;
  const nowMs = useServerNow();
  const weight = useWeightChoice(chosen);
  const action: InstanceAction | null = kind === "weight" ? weight.action : { kind };
  const isKnown = settingsOf !== undefined && routes !== undefined;
  const plans = action === null || !isKnown ? [] : planChange(chosen, action, { services, settingsOf, routes, nowMs });
  const changes = action === null ? [] : changesOf(plans, action);
  const changed = changes.flatMap(({ service, instances }) => instances.map((id) => ({ service, id })));
  const dangerous = plans.filter(isDangerous);
  const save = useChangeInstances(`${WORDS[kind].done} ${countInWords(changed)}`, (saved) => {
    onSaved(saved);
    onClose();
  });
  // The console looks at it once more: somebody else may have drained the others meanwhile.
  const isRefused = meshErrorOf(save.error)?.code === "CONFIRMATION_NEEDED";
  const asks = dangerous.length > 0 || isRefused;
  const failing = (dangerous.length > 0 ? dangerous : plans).map(({ service }) => service);
  const tooMuch = tooMuchInWords(changes);
  // Agreeing to one thing is not agreeing to another that the next picture brings.
  const [agreedTo, setAgreedTo] = useState("");
  const isAgreed = asks && agreedTo === failing.join();

  return (
    <ConfirmDialog
      open
      wide={plans.length > 1}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={`${WORDS[kind].title} ${countInWords(chosen)}?`}
      confirm={WORDS[kind].confirm}
      danger={asks}
      busy={save.isPending || changes.length === 0 || tooMuch !== null || (asks && !isAgreed)}
      onConfirm={() => {
        save.mutate({ changes, confirmed: isAgreed });
      }}
    >
      {kind === "weight" && <WeightFields choice={weight} />}
      <Plans plans={plans} kind={kind} isKnown={isKnown} isSaid={action !== null} />
      {asks && (
        <CheckChoice
          label={`I know that requests to ${namesInWords(failing)} will fail`}
          checked={isAgreed}
          onChange={(agreed) => {
            setAgreedTo(agreed ? failing.join() : "");
          }}
        />
      )}
      {tooMuch !== null && <Notice tone="warn">{tooMuch}</Notice>}
      {save.error !== null && (
        <Notice tone="bad" role="alert" title="Not saved">
          {messageOf(save.error)}
        </Notice>
      )}
      <p className="text-sm text-ink-3">
        Kept in Meshkeeper&rsquo;s own policy: what instances registered in ZooKeeper is not edited.
      </p>
    </ConfirmDialog>
  );
}

interface PlansProps {
  readonly plans: readonly ServicePlan[];
  readonly kind: ChangeKind;
  readonly isKnown: boolean;
  /** False while what was typed is no weight. */
  readonly isSaid: boolean;
}

function Plans({ plans, kind, isKnown, isSaid }: PlansProps) {
  if (!isKnown) return <p role="status">Reading what is set now</p>;
  if (!isSaid) return null;
  if (plans.length === 0) return <p role="status">None of them is registered any more.</p>;
  return plans.map((plan) => <PlanDetails key={plan.service} plan={plan} kind={kind} isOnly={plans.length === 1} />);
}
