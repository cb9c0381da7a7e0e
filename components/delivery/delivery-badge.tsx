"use client";

import { Check, CircleAlert, LoaderCircle } from "lucide-react";
import { Badge } from "../ui/badge.tsx";
import { deliverySpans, spanInWords } from "./delivery-spans.ts";
import { appliedInWords, useDelivery } from "./delivery-strip.tsx";
import { useRecentDeliveries } from "./use-delivery-times.ts";

/** How far an edit has travelled, in a list. */
export function DeliveryBadge({ policyKey, revision }: { policyKey: string; revision: number }) {
  const delivery = useDelivery({ policyKey, revision });
  const times = useRecentDeliveries().data?.find((recent) => recent.revision === revision);
  if (delivery === null) return null;
  if (delivery.refused.length > 0) {
    const reasons = delivery.refused.map((refusal) => `${refusal.gatewayId}: ${refusal.reason}`).join("; ");
    return (
      <Badge tone="bad" icon={CircleAlert} title={reasons}>
        Refused by {delivery.refused.map((refusal) => refusal.gatewayId).join(", ")}
      </Badge>
    );
  }
  if (delivery.stage === "applied") {
    const appliedMs = times === undefined ? null : deliverySpans(times, delivery.appliedOn).appliedMs;
    return (
      <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
        <Badge tone="good" icon={Check} title={`Revision ${revision.toString()}`}>
          Applied {delivery.appliedOn.length}/{delivery.appliedOn.length}
        </Badge>
        {appliedMs !== null && (
          <span className="text-sm text-ink-3" title="From saving to the last gateway">
            in {spanInWords(appliedMs)}
          </span>
        )}
      </span>
    );
  }
  return (
    <Badge tone="off" icon={LoaderCircle} title={`Applied on ${appliedInWords(delivery)}`}>
      {delivery.stage === "saved" ? "Saved, not published" : `Published, ${appliedInWords(delivery)}`}
    </Badge>
  );
}
