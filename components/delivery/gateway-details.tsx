"use client";

import { ChevronRight } from "lucide-react";
import { useState } from "react";
import type { Delivery, GatewayStatus, SyncStatus } from "#domain/live.ts";
import type { DeliveryTimes } from "#domain/publishing.ts";
import { plainText } from "../diff/plain-text.ts";
import { NO_VALUE } from "../format/number.ts";
import { formatMoment } from "../format/time.ts";
import { useServerNow } from "../live/use-now.ts";
import { useDriftedKeys } from "../sync/drift/use-standing-drift.ts";
import { gatewayProgress } from "#domain/gateway-progress.ts";
import { ShowAllButton } from "../ui/show-all-button.tsx";
import { Table, Td, Th, Tr } from "../ui/table.tsx";
import { spanInWords } from "./delivery-spans.ts";

interface GatewayDetailsProps {
  readonly policyKey: string;
  readonly delivery: Delivery;
  readonly times: DeliveryTimes | null;
  readonly gateways: readonly GatewayStatus[];
  readonly sync: SyncStatus;
}

/** Rows shown before the rest is asked for. */
const FIRST_ROWS = 12;

/** What needs somebody comes first: refused, then not yet there. */
function rankOf(id: string, { refused, behind }: Delivery): number {
  if (refused.some(({ gatewayId }) => gatewayId === id)) return 0;
  return behind.includes(id) ? 1 : 2;
}

/** An edit at each gateway: which revision it has, when the edit came there, and why it was refused. */
export function GatewayDetails({ policyKey, delivery, times, gateways, sync }: GatewayDetailsProps) {
  const nowMs = useServerNow();
  const isDrifted = useDriftedKeys().has(policyKey);
  const live = gateways.map((gateway) => gatewayProgress(gateway, sync)).filter(({ isLive }) => isLive);
  const [all, setAll] = useState(false);
  if (live.length === 0) return null;
  const ordered = live.toSorted((a, b) => rankOf(a.id, delivery) - rankOf(b.id, delivery));
  return (
    <details className="group/gateways -mx-1 mt-1">
      <summary className="inline-flex list-none items-center gap-1 rounded px-1 text-sm text-ink-3 hover:text-ink [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-3.5 transition-transform group-open/gateways:rotate-90" />
        Each gateway
      </summary>
      <Table caption="This edit at each gateway">
        <thead>
          <tr>
            <Th>Gateway</Th>
            <Th>This edit</Th>
            <Th>When</Th>
            <Th className="text-right">Has revision</Th>
          </tr>
        </thead>
        <tbody>
          {(all ? ordered : ordered.slice(0, FIRST_ROWS)).map(({ id, revision }) => {
            const atMs = times?.applied.find(({ gatewayId }) => gatewayId === id)?.atMs;
            const refusal = delivery.refused.find(({ gatewayId }) => gatewayId === id);
            const applied = delivery.appliedOn.includes(id);
            return (
              <Tr key={id}>
                <Td className="align-top font-medium whitespace-nowrap">{id}</Td>
                <Td className="min-w-40 align-top">
                  {refusal !== undefined ? (
                    <span className={isDrifted ? "text-ink-2" : "text-bad"}>
                      {isDrifted ? "keeps what it had" : "refused"}: {plainText(refusal.reason)}
                    </span>
                  ) : applied ? (
                    "applied"
                  ) : (
                    <span className="text-ink-3">not yet</span>
                  )}
                </Td>
                <Td className="align-top whitespace-nowrap">
                  {atMs === undefined || times === null || !applied ? (
                    NO_VALUE
                  ) : (
                    <>
                      {formatMoment(atMs, nowMs)}{" "}
                      <span className="text-ink-3">+{spanInWords(Math.max(0, atMs - times.savedAtMs))}</span>
                    </>
                  )}
                </Td>
                <Td className="text-right align-top">{revision ?? "none"}</Td>
              </Tr>
            );
          })}
        </tbody>
      </Table>
      {ordered.length > FIRST_ROWS && <ShowAllButton count={ordered.length} all={all} onChange={setAll} />}
    </details>
  );
}
