import type { HystrixCommand, HystrixReading, HystrixSource } from "#domain/hystrix-command.ts";
import { formatCount, formatLatency, formatPercent, NO_VALUE } from "../../format/number.ts";
import { formatAgo, formatSetting } from "../../format/time.ts";
import { SortableTh, Table, Td, Th, Tr } from "../../ui/table.tsx";
import { useSorted } from "../../ui/use-sorted.ts";
import { STATE_STYLES } from "../breaker-state.ts";
import { StateBadge } from "../state-badge.tsx";
import { hostsLike, isFresh, stateOf, type Percentile } from "./jvm-state.ts";
import { StreamState } from "./stream-state.tsx";

const PERCENTILES: readonly Percentile[] = ["p50", "p90", "p99"];

interface HystrixInstancesProps {
  readonly command: HystrixCommand;
  /** Streams of its service. */
  readonly sources: readonly HystrixSource[];
  readonly nowMs: number;
}

interface Row {
  readonly instance: string;
  readonly source: HystrixSource | undefined;
  readonly reading: HystrixReading | undefined;
}

/** The command as each instance tells of it, and how its stream is doing; also of those that tell nothing of it. */
export function HystrixInstances({ command, sources, nowMs }: HystrixInstancesProps) {
  const ids = new Set([...command.instances, ...sources].map(({ instance }) => instance));
  const rows = [...ids].map((instance): Row => ({
    instance,
    source: sources.find((source) => source.instance === instance),
    reading: command.instances.find((reading) => reading.instance === instance),
  }));
  const { sorted, sorting } = useSorted(
    rows,
    {
      instance: (row) => row.instance,
      state: ({ reading }) => (reading === undefined ? 9 : STATE_STYLES[stateOf(reading)].rank),
      errors: ({ reading }) => reading?.errorPercent ?? -1,
      p99: ({ reading }) => reading?.latency?.p99 ?? -1,
    },
    "instance",
  );
  return (
    <Table caption="The command at each instance">
      <thead>
        <tr>
          <SortableTh column="instance" sorting={sorting}>
            Instance
          </SortableTh>
          <Th>Stream</Th>
          <SortableTh column="state" sorting={sorting}>
            Callers meet
          </SortableTh>
          <SortableTh column="errors" sorting={sorting} numeric>
            Errors
          </SortableTh>
          <Th className="text-right">Short-circuited</Th>
          <Th className="text-right">Rejected</Th>
          <Th className="text-right">In flight</Th>
          <Th className="text-right">p50</Th>
          <Th className="text-right">p90</Th>
          <SortableTh column="p99" sorting={sorting} numeric>
            p99
          </SortableTh>
          <Th>Opens at</Th>
        </tr>
      </thead>
      <tbody>
        {sorted.map(({ instance, source, reading }) => (
          <Tr key={instance}>
            <Td className="align-top font-mono text-sm break-all">
              <div className="min-w-32">{instance}</div>
            </Td>
            <Td className="align-top">
              {source === undefined ? NO_VALUE : <StreamState source={source} nowMs={nowMs} />}
            </Td>
            {reading === undefined ? (
              <Td colSpan={9} className="align-top text-ink-3">
                It has not told of this command.
              </Td>
            ) : (
              <ReadingCells reading={reading} nowMs={nowMs} />
            )}
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

const FIGURE = "text-right align-top whitespace-nowrap";

function ReadingCells({ reading, nowMs }: { reading: HystrixReading; nowMs: number }) {
  const { counts, thresholds, latency, hosts } = reading;
  const state = stateOf(reading);
  const like = hostsLike(reading);
  const word =
    hosts === 1 || like >= hosts
      ? undefined
      : `${STATE_STYLES[state].word} on ${like.toString()} of ${hosts.toString()}`;
  return (
    <>
      <Td className="align-top whitespace-nowrap">
        <StateBadge state={state} {...(word !== undefined && { words: word })} />
        {reading.forced !== null && <div className="text-sm text-ink-3">its circuit by itself: {reading.state}</div>}
        {!isFresh(reading, nowMs) && (
          <div className="text-sm text-warn">as of {formatAgo(reading.receivedAtMs, nowMs)}</div>
        )}
      </Td>
      <Td className={FIGURE}>
        {formatPercent(reading.errorPercent)}
        <div className="text-sm text-ink-3">
          {formatCount(reading.errorCount)} of {formatCount(reading.requestCount)}
        </div>
      </Td>
      <Td className={FIGURE}>{formatCount(counts["short-circuited"] ?? 0)}</Td>
      <Td className={FIGURE}>{formatCount(counts.rejected ?? 0)}</Td>
      <Td className={FIGURE}>{formatCount(reading.inFlight)}</Td>
      {PERCENTILES.map((percentile) => (
        <Td key={percentile} className={FIGURE}>
          {formatLatency(latency?.[percentile] ?? null)}
        </Td>
      ))}
      <Td className="align-top whitespace-nowrap">
        {thresholds.enabled
          ? `${thresholds.errorPercent.toString()} % of ${formatCount(thresholds.requestVolume)}, for ${formatSetting(thresholds.sleepWindowMs)}`
          : "never by itself"}
        <div className="text-sm text-ink-3">
          timeout {formatSetting(thresholds.timeoutMs)},{" "}
          {thresholds.strategy === "THREAD" ? "thread pool" : "semaphore"}
        </div>
      </Td>
    </>
  );
}
