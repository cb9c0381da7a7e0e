"use client";

import { CircleSlash, Split } from "lucide-react";
import type { FleetBreaker } from "#domain/live.ts";
import { formatSpan } from "../../format/time.ts";
import { ServerWords } from "../../live/server-words.tsx";
import { isDisputed, statesByPlace } from "../breaker-state.ts";
import type { SilentGateway } from "./silent-gateways.ts";

interface TileWarningsProps {
  readonly breaker: FleetBreaker;
  readonly silent: readonly SilentGateway[];
}

/** What one has to know before believing the rest: that gateways disagree, and that some say nothing now. */
export function TileWarnings({ breaker, silent }: TileWarningsProps) {
  const own = silent.filter(({ id }) => breaker.gateways.some(({ gatewayId }) => gatewayId === id));
  return (
    <>
      {isDisputed(breaker) && (
        <p className="live flex gap-1.5 text-sm text-warn">
          <Split aria-hidden className="mt-px size-3.5 shrink-0" />
          <span>Gateways disagree: {statesByPlace(breaker)}.</span>
        </p>
      )}
      {own.length > 0 && (
        <p className="live flex gap-1.5 text-sm text-ink-2">
          <CircleSlash aria-hidden className="mt-px size-3.5 shrink-0" />
          <span>
            <ServerWords words={(nowMs) => silenceInWords(own, breaker, nowMs)} />
          </span>
        </p>
      )}
    </>
  );
}

/** `gateway-2 silent for 12 s: as last seen.` */
function silenceInWords(own: readonly SilentGateway[], breaker: FleetBreaker, nowMs: number): string {
  const all = new Set(breaker.gateways.map(({ gatewayId }) => gatewayId)).size;
  const who = own.length <= 2 ? own.map(({ id }) => id).join(" and ") : `${own.length.toString()} gateways`;
  const longest = Math.min(...own.map(({ sinceMs }) => sinceMs));
  const seen = own.length === all ? "everything is as last seen" : "as last seen there";
  return `${who} silent for ${formatSpan(nowMs - longest)}: ${seen}.`;
}
