"use client";

import { Check, CircleAlert, LoaderCircle, TriangleAlert } from "lucide-react";
import { useLivePart } from "../live/live-provider.tsx";
import { useDriftedKeys } from "../sync/drift/use-standing-drift.ts";
import { someNames } from "../format/names.ts";
import { Badge } from "../ui/badge.tsx";
import { listedSpanMs, spanInWords } from "./delivery-spans.ts";
import { appliedInWords, isUntold, useDelivery } from "./delivery-strip.tsx";
import { refusalsByReason } from "./refusals-by-reason.ts";
import { useRecentDeliveries } from "./use-delivery-times.ts";

/** How far an edit has travelled, in a list. */
export function DeliveryBadge({ policyKey, revision }: { policyKey: string; revision: number }) {
  const delivery = useDelivery({ policyKey, revision });
  const times = useRecentDeliveries().data?.find((recent) => recent.revision === revision);
  const isDrifted = useDriftedKeys().has(policyKey);
  const halt = useLivePart(({ picture }) => picture?.sync.halt ?? null);
  if (delivery === null) return null;
  if (delivery.blocked)
    return (
      <Badge tone="bad" icon={CircleAlert} title="ZooKeeper does not let its node be written. Sync says what helps.">
        Blocked
      </Badge>
    );
  // Gateways refuse then what somebody else wrote, not the edit.
  if (isDrifted)
    return (
      <Badge tone="warn" icon={TriangleAlert} title="Gateways keep to what was published. Sync compares the two.">
        Changed by others
      </Badge>
    );
  if (delivery.refused.length > 0) {
    const reasons = refusalsByReason(delivery.refused).map(({ ids, reason }) => `${someNames(ids)}: ${reason}`);
    return (
      <Badge tone="bad" icon={CircleAlert} title={reasons.join("; ")}>
        Refused by {someNames(delivery.refused.map((refusal) => refusal.gatewayId))}
      </Badge>
    );
  }
  if (delivery.stage === "applied") {
    const appliedMs = times === undefined ? null : listedSpanMs(times, delivery.appliedOn.length);
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
  if (isUntold(halt, delivery))
    return (
      <Badge tone="warn" icon={TriangleAlert} title="How far it came can be told once a side is chosen on Sync.">
        Publishing stands still
      </Badge>
    );
  return (
    <Badge tone="off" icon={LoaderCircle} title={`Applied on ${appliedInWords(delivery)}`}>
      {delivery.stage === "saved" ? "Saved, not published" : `Published, ${appliedInWords(delivery)}`}
    </Badge>
  );
}
