"use client";

import {
  CircleAlert,
  CircleCheck,
  CircleHelp,
  Clock,
  FastForward,
  LogOut,
  Shuffle,
  type LucideIcon,
} from "lucide-react";
import { useState } from "react";
import type { RefusedDocument } from "#domain/gateway-info.ts";
import type { GatewayProgress } from "#domain/gateway-progress.ts";
import { behindSinceMs, type TimedEdit } from "../delivery/first-missing.ts";
import { plainText } from "../diff/plain-text.ts";
import { NO_VALUE } from "../format/number.ts";
import { formatAgo, formatMoment, formatSpan } from "../format/time.ts";
import { useServerNow } from "../live/use-now.ts";
import { Badge, type BadgeTone } from "../ui/badge.tsx";
import { ShowAllButton } from "../ui/show-all-button.tsx";
import { SortableTh, Table, Td, Th, Tr } from "../ui/table.tsx";
import { useSorted } from "../ui/use-sorted.ts";
import { GATEWAY_STATE_ORDER, GATEWAY_STATES, type GatewayState } from "./gateway-state.ts";
import { PolicyName } from "./policy-name.tsx";

interface ShownGateway extends GatewayProgress {
  readonly state: GatewayState;
  /** Nodes that somebody else changed, and of which it keeps what was published. */
  readonly distrusted: number;
}

interface SyncGatewaysProps {
  readonly gateways: readonly ShownGateway[];
  readonly edits: readonly TimedEdit[];
}

/** Rows shown before the rest is asked for. */
const FIRST_ROWS = 15;

/** What each gateway has applied, when, since when it lacks something, and what it refused. */
export function SyncGateways({ gateways, edits }: SyncGatewaysProps) {
  const nowMs = useServerNow();
  const [all, setAll] = useState(false);
  const byName = gateways.toSorted((a, b) => a.id.localeCompare(b.id, "en", { numeric: true }));
  const { sorted, sorting } = useSorted(
    byName,
    {
      state: ({ state }) => GATEWAY_STATE_ORDER.indexOf(state),
      id: ({ id }) => id,
      revision: ({ revision }) => revision ?? -1,
      since: ({ revision }) => behindSinceMs(revision, edits) ?? Number.MAX_SAFE_INTEGER,
      applied: ({ appliedAtMs }) => appliedAtMs ?? 0,
    },
    "state",
  );
  return (
    <>
      <Table caption="What each gateway has applied">
        <thead>
          <tr>
            <SortableTh column="id" sorting={sorting}>
              Gateway
            </SortableTh>
            <SortableTh column="state" sorting={sorting}>
              State
            </SortableTh>
            <SortableTh column="revision" sorting={sorting} numeric>
              Applied revision
            </SortableTh>
            <SortableTh column="since" sorting={sorting}>
              Behind since
            </SortableTh>
            <SortableTh column="applied" sorting={sorting}>
              Last applied
            </SortableTh>
            <Th>Refused</Th>
          </tr>
        </thead>
        <tbody>
          {(all ? sorted : sorted.slice(0, FIRST_ROWS)).map((gateway) => (
            <Tr key={gateway.id}>
              <Td className="align-top font-medium whitespace-nowrap">{gateway.id}</Td>
              <Td className="align-top">
                <StateBadge gateway={gateway} />
              </Td>
              <Td className="text-right align-top whitespace-nowrap">{gateway.revision ?? "none"}</Td>
              <Td className="align-top whitespace-nowrap">
                <BehindSince gateway={gateway} edits={edits} nowMs={nowMs} />
              </Td>
              <Td className="align-top whitespace-nowrap">
                {gateway.appliedAtMs === null ? (
                  NO_VALUE
                ) : (
                  <>
                    {formatMoment(gateway.appliedAtMs, nowMs)}
                    <div className="text-sm text-ink-3">{formatAgo(gateway.appliedAtMs, nowMs)}</div>
                  </>
                )}
              </Td>
              <Td className="min-w-64 align-top">
                {gateway.refused.length === 0 ? "none" : <RefusedList refused={gateway.refused} />}
                {gateway.distrusted > 0 && (
                  <div className="text-sm text-ink-3">keeps to what was published where others changed it</div>
                )}
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      {sorted.length > FIRST_ROWS && <ShowAllButton count={sorted.length} all={all} onChange={setAll} />}
    </>
  );
}

const LOOKS: Readonly<Record<GatewayState, { readonly tone: BadgeTone; readonly icon: LucideIcon }>> = {
  ahead: { tone: "bad", icon: FastForward },
  refuses: { tone: "bad", icon: CircleAlert },
  foreign: { tone: "warn", icon: Shuffle },
  silent: { tone: "warn", icon: CircleHelp },
  behind: { tone: "warn", icon: Clock },
  applied: { tone: "good", icon: CircleCheck },
  left: { tone: "off", icon: LogOut },
};

function StateBadge({ gateway: { state, behind, refused } }: { gateway: ShownGateway }) {
  const { tone, icon } = LOOKS[state];
  const { word } = GATEWAY_STATES[state];
  const count = state === "refuses" ? refused.length : state === "behind" ? behind : null;
  return (
    <Badge tone={tone} icon={icon}>
      {count === null ? word : state === "behind" ? `${count.toString()} behind` : `${word} ${count.toString()}`}
    </Badge>
  );
}

interface BehindSinceProps {
  readonly gateway: ShownGateway;
  readonly edits: readonly TimedEdit[];
  readonly nowMs: number;
}

function BehindSince({ gateway: { revision, behind, state }, edits, nowMs }: BehindSinceProps) {
  if (state === "left" || behind === null || behind === 0) return NO_VALUE;
  const sinceMs = behindSinceMs(revision, edits);
  if (sinceMs === null) return <span className="text-ink-3">before the latest edits</span>;
  return (
    <>
      {formatMoment(sinceMs, nowMs)}
      <div className="text-sm text-ink-3">for {formatSpan(Math.max(0, nowMs - sinceMs))}</div>
    </>
  );
}

function RefusedList({ refused }: { refused: readonly RefusedDocument[] }) {
  return (
    <ul className="flex flex-col gap-1">
      {refused.map(({ key, revision, reason }) => (
        <li key={key} className="break-words">
          <PolicyName policyKey={key} /> <span className="text-ink-3">revision {revision}</span>
          <div className="text-bad">{plainText(reason)}</div>
        </li>
      ))}
    </ul>
  );
}
