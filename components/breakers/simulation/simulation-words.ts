import type { SimulationOutcome, SimulationReport } from "#domain/breaker-history.ts";
import { formatCount } from "../../format/number.ts";
import { formatMoment, formatSpan } from "../../format/time.ts";

function times(count: number): string {
  if (count === 0) return "never";
  return count === 1 ? "once" : `${formatCount(count)} times`;
}
function calls(count: number): string {
  return count === 1 ? "1 call" : `${formatCount(count)} calls`;
}

/** What settings would have done: "Opens 3 times, for 2 min in all. Refuses 214 calls: 180 would have failed, 34 would have gone well." */
export function outcomeInWords(outcome: SimulationOutcome): string {
  if (outcome.openCount === 0)
    return `Never opens.${outcome.failed === 0 ? " No call failed." : ` ${calls(outcome.failed)} fail.`}`;
  const opens = `Opens ${times(outcome.openCount)}, for ${formatSpan(outcome.notClosedMs)} in all.`;
  if (outcome.refused === 0) return `${opens} Refuses no call.`;
  return `${opens} Refuses ${calls(outcome.refused)}: ${formatCount(outcome.refusedBad)} would have failed, ${formatCount(outcome.refusedGood)} would have gone well.`;
}

/** The edited settings beside the present ones, in one sentence for each thing that differs. */
export function comparisonInWords({ calls: all, present, edited }: SimulationReport): readonly string[] {
  if (all === 0) return ["No call is on record in this time, so there is nothing to compare."];
  const failed = edited.failed - present.failed;
  const price = edited.refusedGood - present.refusedGood;
  const opens = edited.openCount - present.openCount;
  const spanMs = edited.notClosedMs - present.notClosedMs;
  const said = [
    opens !== 0 && `Opens ${times(edited.openCount)}, instead of ${times(present.openCount)}.`,
    opens === 0 && Math.abs(spanMs) >= 1000 && `Is open for ${formatSpan(Math.abs(spanMs))} ${longer(spanMs)} in all.`,
    failed !== 0 && `Lets ${formatCount(Math.abs(failed))} ${fewer(failed)} calls through to fail.`,
    price !== 0 && `Refuses ${formatCount(Math.abs(price))} ${fewer(price)} calls that would have gone well.`,
  ].filter((sentence) => sentence !== false);
  return said.length === 0 ? ["No difference: both would have done the same."] : said;
}

const fewer = (change: number): string => (change < 0 ? "fewer" : "more");
const longer = (change: number): string => (change < 0 ? "less" : "longer");

/** What the answer rests on: how much is on record, and what had to be assumed. */
export function basisInWords(report: SimulationReport, askedHours: number, nowMs: number): readonly string[] {
  const { fromMs, toMs, gateways, routeIds, recordedSinceMs, calls: all, assumed } = report;
  if (recordedSinceMs === null)
    return ["No call of it is on record yet. Recording goes on by itself: try again later."];
  const where = gateways.length === 1 ? "at 1 gateway" : `at ${formatCount(gateways.length)} gateways`;
  const by = routeIds.length > 1 ? ` by ${formatCount(routeIds.length)} routes` : "";
  const asked = askedHours === 1 ? "1 hour" : `${askedHours.toString()} hours`;
  const beginMs = Math.max(fromMs, recordedSinceMs);
  return [
    `Replays ${calls(all)} on record${by} ${where}, from ${formatMoment(beginMs, nowMs)} to ${formatMoment(toMs, nowMs)}.`,
    ...(recordedSinceMs > fromMs ? [`The record begins only then, not ${asked} ago.`] : []),
    ...(assumed === 0
      ? []
      : [
          `${calls(assumed)} ${assumed === 1 ? "was" : "were"} refused at the time, so nobody knows how ${assumed === 1 ? "it" : "they"} would have ended: taken to be like those around ${assumed === 1 ? "it" : "them"}.`,
        ]),
    "Callers are taken to call as they did: that they would have tried again, or stayed away, is not known.",
  ];
}
