import type { SimulationOutcome, SimulationReport } from "#domain/breaker-history.ts";
import { formatMoment, formatSpan } from "../../format/time.ts";
import { SimulatedBands } from "./simulated-bands.tsx";
import { SimulationFigures } from "./simulation-figures.tsx";
import { basisInWords, comparisonInWords, outcomeInWords } from "./simulation-words.ts";

interface SimulationResultProps {
  readonly report: SimulationReport;
  readonly hours: number;
  readonly nowMs: number;
}

/** Both outcomes beside each other: in a sentence, as bands, in figures, and what all of it rests on. */
export function SimulationResult({ report, hours, nowMs }: SimulationResultProps) {
  return (
    <div className="flex flex-col gap-3">
      <ul className="flex flex-col font-medium">
        {comparisonInWords(report).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {report.calls > 0 && (
        <>
          <SimulatedBands report={report} nowMs={nowMs} />
          <SimulationFigures report={report} />
          <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1 text-sm text-ink-2">
            <dt className="text-ink-3">Present</dt>
            <dd>{outcomeInWords(report.present)}</dd>
            <dt className="text-ink-3">Edited</dt>
            <dd>{outcomeInWords(report.edited)}</dd>
          </dl>
          <Openings title="Each time it would have opened" outcome={report.edited} nowMs={nowMs} />
        </>
      )}
      <p className="text-sm text-ink-3">{basisInWords(report, hours, nowMs).join(" ")}</p>
    </div>
  );
}

/** So many openings are listed: the first tell most, and a breaker that flaps has thousands. */
const OPENINGS_SHOWN = 50;

interface OpeningsProps {
  readonly title: string;
  readonly outcome: SimulationOutcome;
  readonly nowMs: number;
}

function Openings({ title, outcome, nowMs }: OpeningsProps) {
  if (outcome.opens.length === 0) return null;
  const shown = outcome.opens.slice(0, OPENINGS_SHOWN);
  return (
    <details className="text-sm">
      <summary className="rounded text-ink-2 hover:text-ink">{title}</summary>
      <ul className="mt-1 flex max-h-48 flex-col gap-1 overflow-y-auto">
        {shown.map(({ gatewayId, routeId, fromMs, toMs, cause }) => (
          <li key={`${gatewayId} ${routeId} ${fromMs.toString()}`}>
            <span className="font-medium">{formatMoment(fromMs, nowMs)}</span>{" "}
            {toMs === null ? "to the end" : `for ${formatSpan(toMs - fromMs)}`}, {gatewayId}, {routeId}: {cause}
          </li>
        ))}
      </ul>
      {outcome.openCount > shown.length && (
        <p className="text-ink-3">and {outcome.openCount - shown.length} times more</p>
      )}
    </details>
  );
}
