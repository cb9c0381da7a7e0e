"use client";

import { placeOf } from "#domain/breaker-place.ts";
import type { FleetBreaker } from "#domain/live.ts";
import type { BreakerReading } from "#domain/traffic.ts";
import { formatMoment, formatSpan } from "../format/time.ts";
import { ServerWords } from "../live/server-words.tsx";
import { STATE_STYLES } from "./breaker-state.ts";
import { firstOpeningInWords } from "./first-opening.ts";

/** Why and since when the automatic state is what it is, gateway by gateway where they differ, and what comes next. */
export function BreakerCause({ breaker }: { breaker: FleetBreaker }) {
  const many = breaker.gateways.length > 1;
  const notable = breaker.gateways.filter(({ reading }) => reading.state !== "closed");
  const last = breaker.transitions[0];
  if (notable.length === 0) {
    return (
      <p className="live text-sm text-ink-3">
        {last === undefined ? (
          "No transition seen."
        ) : (
          <ServerWords
            words={(nowMs) =>
              `Closed at ${formatMoment(last.atMs, nowMs)}${last.cause === "" ? "." : `: ${last.cause}`}`
            }
          />
        )}
      </p>
    );
  }
  return (
    <ul className="live flex flex-col gap-1 text-sm">
      {notable.map((placed) => (
        <li key={placeOf(placed)}>
          {many && <span className="font-medium">{placeOf(placed)} </span>}
          <ServerWords words={(nowMs) => stateWords(placed.reading, nowMs)} />{" "}
          <ServerWords words={(nowMs) => firstOpeningInWords(placed.reading, nowMs)} />{" "}
          <span className="text-ink-2">
            <ServerWords words={(nowMs) => nextWords(placed.reading, nowMs)} />
          </span>
        </li>
      ))}
    </ul>
  );
}

/** `Open since 14:02:11: 61 % of 214 calls failed.`; under an override, what would be. */
function stateWords(reading: BreakerReading, nowMs: number): string {
  const word = STATE_STYLES[reading.state].word;
  const state = reading.override === null ? word : `Would be ${word.toLowerCase()}`;
  const trips = reading.trips > 1 ? ` Opened ${reading.trips.toString()} times in a row.` : "";
  const cause = reading.cause === "" ? "" : `: ${reading.cause}`;
  return `${state} since ${formatMoment(reading.sinceMs, nowMs)}${cause}.${trips}`;
}

/** `Next trial in 3 s.`, or the step of the return to full traffic. */
function nextWords({ nextTrialAtMs, readmission, state }: BreakerReading, nowMs: number): string {
  if (readmission !== null) {
    const { percent, step, steps, errors, errorsAllowed, calls, untilMs } = readmission;
    const left = untilMs > nowMs ? `; at least ${formatSpan(untilMs - nowMs + 999)} more` : "";
    return `Letting ${percent.toString()} % through, step ${step.toString()} of ${steps.toString()}: ${errors.toString()} of ${errorsAllowed.toString()} errors allowed in ${calls.toString()} calls${left}.`;
  }
  if (nextTrialAtMs !== null)
    return nextTrialAtMs <= nowMs
      ? "The next call is the trial."
      : `Next trial in ${formatSpan(nextTrialAtMs - nowMs + 999)}.`;
  return state === "half-open" ? "Waiting for the trial's result." : "";
}
