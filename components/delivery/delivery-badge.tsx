"use client";

import { Check, CircleAlert, LoaderCircle } from "lucide-react";
import { Badge } from "../ui/badge.tsx";
import { appliedInWords, useDelivery } from "./delivery-strip.tsx";

/** How far an edit has travelled, in a list. */
export function DeliveryBadge({ policyKey, revision }: { policyKey: string; revision: number }) {
  const delivery = useDelivery({ policyKey, revision });
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
    return (
      <Badge tone="good" icon={Check} title={`Revision ${revision.toString()}`}>
        Applied {delivery.appliedOn.length}/{delivery.appliedOn.length}
      </Badge>
    );
  }
  return (
    <Badge tone="off" icon={LoaderCircle} title={`Applied on ${appliedInWords(delivery)}`}>
      {delivery.stage === "saved" ? "Saved, not published" : `Published, ${appliedInWords(delivery)}`}
    </Badge>
  );
}
