"use client";

import { useServerNow } from "../../live/use-now.ts";
import { formatMoment, formatSpan } from "../../format/time.ts";
import { ErrorState } from "../../ui/error-state.tsx";
import { Panel } from "../../ui/panel.tsx";
import { SegmentedControl } from "../../ui/segmented-control.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { useUrlState } from "../../ui/use-url-state.ts";
import { HistoryCharts } from "./history-charts.tsx";
import { MarksList } from "./marks-list.tsx";
import { StateBands } from "./state-bands.tsx";
import { TIME_RANGES, timeRangeOf } from "./time-range.ts";
import { TransitionsTable } from "./transitions-table.tsx";
import { useBreakerHistory } from "./use-breaker-history.ts";

interface HistoryPanelProps {
  readonly routeId: string;
  readonly service: string;
}

/** Traffic, latencies, states and edits of one breaker on one time axis. */
export function HistoryPanel({ routeId, service }: HistoryPanelProps) {
  const [wanted, setWanted] = useUrlState("range");
  const range = timeRangeOf(wanted);
  const nowMs = useServerNow();
  const history = useBreakerHistory({ routeId, service }, range);
  const picker = <SegmentedControl label="Time shown" options={TIME_RANGES} value={range.value} onChange={setWanted} />;
  if (history.data === undefined) {
    return (
      <Panel title="What happened" actions={picker}>
        {history.isError ? (
          <ErrorState error={history.error} onRetry={() => void history.refetch()} />
        ) : (
          <div role="status" aria-label="Loading">
            <Skeleton className="h-96 rounded" />
          </div>
        )}
      </Panel>
    );
  }
  const { data } = history;
  return (
    <>
      <Panel
        title="What happened"
        note={<HistoryAge toMs={data.toMs} nowMs={nowMs} recordedSinceMs={data.recordedSinceMs} fromMs={data.fromMs} />}
        actions={picker}
        className="live"
      >
        <div className="flex flex-col gap-4">
          <HistoryCharts history={data} name={`${routeId}->${service}`} words={range.words} />
          <div>
            <h3 className="mb-1 text-sm font-medium text-ink-2">State at each gateway</h3>
            {data.timelines.length === 0 ? (
              <p className="text-ink-3">No gateway has told of it in this time.</p>
            ) : (
              <StateBands history={data} axis={data} nowMs={nowMs} />
            )}
            <MarksList history={data} nowMs={nowMs} />
          </div>
        </div>
      </Panel>
      <TransitionsTable history={data} words={range.words} nowMs={nowMs} />
    </>
  );
}

interface HistoryAgeProps {
  readonly fromMs: number;
  readonly toMs: number;
  readonly nowMs: number;
  readonly recordedSinceMs: number | null;
}

/** How old the picture is, and since when there is one. */
function HistoryAge({ fromMs, toMs, nowMs, recordedSinceMs }: HistoryAgeProps) {
  const age = `read ${formatSpan(Math.max(0, nowMs - toMs))} ago`;
  if (recordedSinceMs === null) return <>{age}; no call is on record yet</>;
  return (
    <>
      {age}
      {recordedSinceMs > fromMs && `; on record since ${formatMoment(recordedSinceMs, nowMs)}`}
    </>
  );
}
