import type { ReactNode } from "react";
import { formatRate, formatRatio } from "../../format/number.ts";

export interface ShareBar {
  readonly key: string;
  readonly name: string;
  /** Which of several it belongs to; empty when that needs no saying. */
  readonly note: string;
  readonly requestsPerSecond: number;
  readonly errorRatio: number;
}

/** How calls are shared out, each share with its bar. `renderAction`: what can be done with one. */
export function ShareBars({
  shares,
  renderAction,
}: {
  shares: readonly ShareBar[];
  renderAction?: (share: ShareBar) => ReactNode;
}) {
  const total = shares.reduce((sum, { requestsPerSecond }) => sum + requestsPerSecond, 0);
  return (
    <ul className="flex flex-col gap-2">
      {shares.map((share) => {
        const part = total === 0 ? 0 : share.requestsPerSecond / total;
        return (
          <li key={share.key}>
            <div className="flex items-center gap-2">
              <span className="min-w-0 truncate">
                {share.name}
                {share.note !== "" && <span className="text-ink-3"> · {share.note}</span>}
              </span>
              <span className="ml-auto whitespace-nowrap">
                {formatRate(share.requestsPerSecond)} <span className="text-ink-3">({formatRatio(part)})</span>
              </span>
              {renderAction?.(share)}
            </div>
            <div className="mt-0.5 h-1 rounded-full bg-sunken" aria-hidden>
              <div className="h-1 rounded-full bg-accent" style={{ width: `${(part * 100).toFixed(1)}%` }} />
            </div>
            {share.errorRatio > 0 && <div className="text-sm text-bad">{formatRatio(share.errorRatio)} errors</div>}
          </li>
        );
      })}
    </ul>
  );
}
