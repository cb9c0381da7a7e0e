"use client";

import { placeOf } from "#domain/breaker-place.ts";
import type { FleetBreaker } from "#domain/live.ts";
import { formatMoment, formatSpan } from "../format/time.ts";
import { useServerNow } from "../live/use-now.ts";
import { STATE_STYLES } from "./breaker-state.ts";

/** Why and since when the automatic state is what it is, gateway by gateway where they differ, and when it is tried next. */
export function BreakerCause({ breaker }: { breaker: FleetBreaker }) {
  const nowMs = useServerNow();
  const many = breaker.gateways.length > 1;
  const notable = breaker.gateways.filter(({ reading }) => reading.state !== "closed");
  const last = breaker.transitions[0];
  if (notable.length === 0) {
    return (
      <p className="live text-sm text-ink-3">
        {last === undefined
          ? "No transition seen."
          : `Closed at ${formatMoment(last.atMs, nowMs)}${last.cause === "" ? "." : `: ${last.cause}`}`}
      </p>
    );
  }
  return (
    <ul className="live flex flex-col gap-1 text-sm">
      {notable.map(({ gatewayId, reading }) => (
        <li key={placeOf({ gatewayId, reading })}>
          {many && <span className="font-medium">{placeOf({ gatewayId, reading })} </span>}
          <span>
            {STATE_STYLES[reading.state].word} since {formatMoment(reading.sinceMs, nowMs)}
            {reading.cause === "" ? "" : `: ${reading.cause}`}.
          </span>{" "}
          {reading.nextTrialAtMs !== null && (
            <span className="text-ink-2">{trialInWords(reading.nextTrialAtMs, nowMs)}</span>
          )}
        </li>
      ))}
    </ul>
  );
}

/** `Next trial in 3 s.`; when it is due, that it waits for a call. */
function trialInWords(atMs: number, nowMs: number): string {
  return atMs <= nowMs ? "The next call is the trial." : `Next trial in ${formatSpan(atMs - nowMs + 999)}.`;
}
