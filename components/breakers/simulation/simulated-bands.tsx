import type { SimulationReport } from "#domain/breaker-history.ts";
import { formatMoment } from "../../format/time.ts";
import { onRecordFrom, openShares } from "./open-shares.ts";

interface SimulatedBandsProps {
  readonly report: SimulationReport;
  readonly nowMs: number;
}

/** When the breaker would have been open, with the present settings above and the edited ones below, a line for each gateway. */
export function SimulatedBands({ report, nowMs }: SimulatedBandsProps) {
  // What lies before the record is empty: nobody knows what it was.
  const begin = onRecordFrom(report);
  return (
    <div aria-hidden className="flex flex-col gap-1.5">
      {(["present", "edited"] as const).map((which) => (
        <div key={which} className="grid grid-cols-[52px_minmax(0,1fr)] items-center gap-2">
          <span className="text-sm text-ink-3">{which === "present" ? "Present" : "Edited"}</span>
          <div className="flex flex-col gap-px">
            {report.gateways.map((gatewayId) => (
              <svg key={gatewayId} className="h-3 w-full" preserveAspectRatio="none" viewBox="0 0 1000 10">
                <rect width={1000} height={10} fill="var(--line)" opacity={0.5} />
                <rect x={begin * 1000} width={(1 - begin) * 1000} height={10} fill="var(--surface)" />
                <rect x={begin * 1000} width={(1 - begin) * 1000} height={10} fill="var(--good)" opacity={0.35} />
                {openShares(report[which], gatewayId, report).map(({ from, width }) => (
                  // At least 2 of 1000 wide: a short opening is no less true.
                  <rect key={from} x={from * 1000} width={Math.max(2, width * 1000)} height={10} fill="var(--bad)" />
                ))}
              </svg>
            ))}
          </div>
        </div>
      ))}
      <div className="ml-15 flex justify-between text-xs text-ink-3">
        <span>{formatMoment(report.fromMs, nowMs)}</span>
        <span>{formatMoment(report.toMs, nowMs)}</span>
      </div>
    </div>
  );
}
