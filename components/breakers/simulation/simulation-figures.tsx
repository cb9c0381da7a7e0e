import type { SimulationOutcome, SimulationReport } from "#domain/breaker-history.ts";
import { formatCount } from "../../format/number.ts";
import { formatSpan } from "../../format/time.ts";

interface Figure {
  readonly name: string;
  readonly note?: string;
  readonly of: (outcome: SimulationOutcome) => string;
}

const FIGURES: readonly Figure[] = [
  { name: "Opens", of: ({ openCount }) => formatCount(openCount) },
  { name: "Not closed for", of: ({ notClosedMs }) => formatSpan(notClosedMs) },
  { name: "Calls let through", of: ({ passed }) => formatCount(passed) },
  { name: "Failed calls among them", of: ({ failed }) => formatCount(failed) },
  { name: "Calls refused", of: ({ refused }) => formatCount(refused) },
  { name: "Saved", note: "refused, would have failed", of: ({ refusedBad }) => formatCount(refusedBad) },
  { name: "Price", note: "refused, would have gone well", of: ({ refusedGood }) => formatCount(refusedGood) },
];

/** The figures of both, side by side. */
export function SimulationFigures({ report }: { report: SimulationReport }) {
  return (
    <table className="w-full border-collapse text-left">
      <caption className="sr-only">Present and edited settings on the same calls</caption>
      <thead>
        <tr className="border-b border-line text-sm text-ink-3">
          <th scope="col" className="sr-only">
            Figure
          </th>
          <th scope="col" className="py-1 pl-2 text-right font-medium">
            Present
          </th>
          <th scope="col" className="py-1 pl-2 text-right font-medium">
            Edited
          </th>
        </tr>
      </thead>
      <tbody>
        {FIGURES.map(({ name, note, of }) => {
          const present = of(report.present);
          const edited = of(report.edited);
          return (
            <tr key={name} className="border-b border-line last:border-b-0">
              <th scope="row" className="py-1 font-normal">
                {name} {note !== undefined && <span className="block text-sm text-ink-3">{note}</span>}
              </th>
              <td className="py-1 pl-2 text-right align-top whitespace-nowrap text-ink-2">{present}</td>
              <td
                className={`py-1 pl-2 text-right align-top whitespace-nowrap ${present === edited ? "text-ink-2" : "font-semibold"}`}
              >
                {edited}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
