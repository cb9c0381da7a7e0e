"use client";

import { Check, CircleAlert, LoaderCircle, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { deliveryOf, type Delivery, type LivePicture } from "#domain/live.ts";
import type { Halt } from "#domain/publishing.ts";
import { isSameValue } from "#domain/same-value.ts";
import { useLive, useLivePart } from "../live/live-provider.tsx";
import { plainText } from "../diff/plain-text.ts";
import { someNames } from "../format/names.ts";
import { useDriftedKeys } from "../sync/drift/use-standing-drift.ts";
import { cn } from "../ui/cn.ts";
import { deliverySpans, spanInWords } from "./delivery-spans.ts";
import { GatewayDetails } from "./gateway-details.tsx";
import { refusalsByReason } from "./refusals-by-reason.ts";
import { useDeliveryTimes } from "./use-delivery-times.ts";

interface DeliveryProps {
  /** `routes/checkout`. */
  readonly policyKey: string;
  readonly revision: number;
}

type StepState = "done" | "waiting" | "failed" | "doubtful";

const STEP = {
  done: { icon: Check, tone: "text-good", word: "done" },
  waiting: { icon: LoaderCircle, tone: "text-ink-3", word: "waiting" },
  failed: { icon: CircleAlert, tone: "text-bad", word: "refused" },
  doubtful: { icon: TriangleAlert, tone: "text-warn", word: "not confirmed" },
} as const;

function Step({ state, children }: { state: StepState; children: string }) {
  const { icon: Icon, tone, word } = STEP[state];
  return (
    <li className="flex items-center gap-1.5 whitespace-nowrap">
      <Icon role="img" aria-label={word} className={cn("size-4", tone, state === "waiting" && "animate-spin")} />
      <span className={state === "waiting" ? "text-ink-3" : ""}>{children}</span>
    </li>
  );
}

/** `2 of 3 gateways`. */
export function appliedInWords(delivery: Delivery): string {
  const total = delivery.appliedOn.length + delivery.behind.length + delivery.refused.length;
  return total === 0
    ? "no gateway is registered"
    : `${delivery.appliedOn.length.toString()} of ${total.toString()} gateways`;
}

/** How far an edit has travelled, from the latest picture; null before the first. */
export function useDelivery({ policyKey, revision }: DeliveryProps): Delivery | null {
  return useLivePart(
    ({ picture }) => (picture === null ? null : deliveryIn(picture, policyKey, revision)),
    isSameValue,
  );
}

/** The same for a picture at hand. An edit this page has just saved may be newer than the picture. */
function deliveryIn(picture: LivePicture, policyKey: string, revision: number): Delivery {
  return deliveryOf(policyKey, revision, picture.sync, picture.gateways);
}

/** True where nobody can say whether an edit is published: what ZooKeeper holds counts edits that were not saved here. */
export function isUntold(halt: Halt | null, { stage }: Delivery): boolean {
  return stage === "saved" && halt !== null && halt.kind !== "unpublishable";
}

/** `details` are no part of what is read out when it changes. */
function Strip({ children, details }: { children: ReactNode; details?: ReactNode }) {
  return (
    <div className="live rounded-lg border border-line bg-surface px-4 py-2">
      <div aria-label="Delivery" role="status">
        {children}
      </div>
      {details}
    </div>
  );
}

/** `, 84 ms after saving`; nothing while unknown. */
function afterSaving(ms: number | null): string {
  return ms === null ? "" : `, ${spanInWords(ms)} after saving`;
}

interface DeliveryStripProps extends DeliveryProps {
  /** True while the next edit is being saved: how far the last one came is then beside the point. */
  readonly saving: boolean;
}

/** An edit on its way: saved, published, applied. */
export function DeliveryStrip({ policyKey, revision, saving }: DeliveryStripProps) {
  const { picture } = useLive();
  const times = useDeliveryTimes(revision);
  const isDrifted = useDriftedKeys().has(policyKey);
  if (picture === null) return null;
  const delivery = deliveryIn(picture, policyKey, revision);
  if (saving) {
    return (
      <Strip>
        <ol>
          <Step state="waiting">Saving</Step>
        </ol>
      </Strip>
    );
  }
  const published = delivery.stage !== "saved";
  const refused = delivery.refused.length > 0;
  const spans = times === null ? null : deliverySpans(times, delivery.appliedOn);
  return (
    <Strip
      details={
        published && (
          <GatewayDetails
            policyKey={policyKey}
            delivery={delivery}
            times={times}
            gateways={picture.gateways}
            sync={picture.sync}
          />
        )
      }
    >
      <ol className="flex flex-wrap items-center gap-x-6 gap-y-1">
        <Step state="done">{`Saved as revision ${revision.toString()}`}</Step>
        {delivery.blocked ? (
          <Step state="failed">ZooKeeper does not let it be written</Step>
        ) : isUntold(picture.sync.halt, delivery) ? (
          <Step state="doubtful">Publishing stands still</Step>
        ) : (
          <Step state={published ? "done" : "waiting"}>
            {published ? `Published${afterSaving(spans?.publishedMs ?? null)}` : "Waiting to be published"}
          </Step>
        )}
        {delivery.blocked || (refused && isDrifted) ? (
          <Step state="doubtful">Gateways keep what they had</Step>
        ) : (
          <Step state={delivery.stage === "applied" ? "done" : refused ? "failed" : "waiting"}>
            {`Applied on ${appliedInWords(delivery)}${afterSaving(delivery.stage === "applied" ? (spans?.appliedMs ?? null) : null)}`}
          </Step>
        )}
      </ol>
      {refused && (
        <ul className={cn("mt-1", isDrifted ? "text-ink-2" : "text-bad")}>
          {refusalsByReason(delivery.refused).map(({ ids, reason }) => (
            <li key={reason}>
              {someNames(ids)}{" "}
              {!isDrifted ? "refused it" : `${ids.length === 1 ? "does" : "do"} not take what stands in ZooKeeper now`}:{" "}
              {plainText(reason)}
            </li>
          ))}
        </ul>
      )}
      {published && !refused && delivery.behind.length > 0 && (
        <p className="mt-1 text-ink-3">Not yet on {someNames(delivery.behind, 6)}</p>
      )}
    </Strip>
  );
}
