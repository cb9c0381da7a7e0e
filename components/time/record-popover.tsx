"use client";

import { Popover } from "@base-ui/react/popover";
import { useQuery } from "@tanstack/react-query";
import { Database } from "lucide-react";
import type { HistoryExtent } from "#domain/history.ts";
import { useTRPC } from "../api/trpc.ts";
import { formatCount } from "../format/number.ts";
import { formatAgo, formatMoment, formatSetting, formatSpan } from "../format/time.ts";
import { buttonClass } from "../ui/button.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { Skeleton } from "../ui/skeleton.tsx";

const MEGABYTE = 1024 * 1024;

/** `12.4 MB`, `340 kB`. */
function bytesInWords(bytes: number): string {
  const megabytes = bytes / MEGABYTE;
  if (megabytes < 1) return `${formatCount(bytes / 1024)}\u00a0kB`;
  return `${megabytes < 100 ? megabytes.toFixed(1) : formatCount(megabytes)}\u00a0MB`;
}

/** How much of the past is on record, and what it takes. */
export function RecordPopover({ nowMs }: { nowMs: number }) {
  const extent = useQuery(useTRPC().history.extent.queryOptions(undefined, { refetchInterval: 10_000 }));
  return (
    <Popover.Root>
      <Popover.Trigger
        className={buttonClass("ghost", "md")}
        aria-label={`What is on record: ${extent.data === undefined ? "On record" : reachInWords(extent.data, nowMs)}`}
      >
        <Database aria-hidden />
        <span className="max-sm:hidden">
          {extent.data === undefined ? "On record" : reachInWords(extent.data, nowMs)}
        </span>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner side="top" align="end" sideOffset={6} className="z-40 max-w-[calc(100vw-16px)]">
          <Popover.Popup className="w-80 max-w-full rounded-md border border-line bg-surface p-3 shadow-pop outline-none">
            <Popover.Title className="mb-2 font-medium">On record</Popover.Title>
            {extent.isError && <ErrorState error={extent.error} onRetry={() => void extent.refetch()} />}
            {extent.isPending && <Skeleton className="h-24" />}
            {extent.data !== undefined && <Extent extent={extent.data} nowMs={nowMs} />}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** A recording as young as this is said to have begun, ms. */
const YOUNG_MS = 10 * 60_000;

function reachInWords({ fromMs }: HistoryExtent, nowMs: number): string {
  if (fromMs === null) return "Nothing on record yet";
  if (nowMs - fromMs < YOUNG_MS) return `Recording began ${formatAgo(fromMs, nowMs)}`;
  return `Reaches back ${formatSpan(nowMs - fromMs)}`;
}

function Extent({ extent, nowMs }: { extent: HistoryExtent; nowMs: number }) {
  const { fromMs, resolutions, bytes, limitBytes, lostSeconds, writer } = extent;
  return (
    <div className="flex flex-col gap-2 text-ink-2">
      <p>
        {reachInWords(extent, nowMs)}
        {fromMs === null ? ". It takes some seconds." : `: from ${formatMoment(fromMs, nowMs)} on.`}
      </p>
      {resolutions.length > 0 && (
        <table className="w-full text-left text-sm">
          <caption className="sr-only">What is on record, by length of the spans</caption>
          <thead className="text-ink-3">
            <tr>
              <th scope="col" className="font-medium">
                Spans of
              </th>
              <th scope="col" className="font-medium">
                Reach back
              </th>
              <th scope="col" className="text-right font-medium">
                Size
              </th>
            </tr>
          </thead>
          <tbody>
            {resolutions.map((one) => (
              <tr key={one.seconds}>
                <td>{formatSetting(one.seconds * 1000)}</td>
                <td>{one.fromMs === null ? "nothing yet" : formatSpan(nowMs - one.fromMs)}</td>
                <td className="text-right">{bytesInWords(one.bytes)}</td>
              </tr>
            ))}
            <tr>
              <td colSpan={2}>Events, instances and names</td>
              <td className="text-right">
                {bytesInWords(Math.max(0, bytes - resolutions.reduce((sum, one) => sum + one.bytes, 0)))}
              </td>
            </tr>
          </tbody>
        </table>
      )}
      <p>
        {bytesInWords(bytes)} of at most {bytesInWords(limitBytes)}; beyond it the oldest goes first.
      </p>
      <p>{writer === null ? "No console records just now." : `Console ${writer} records.`}</p>
      {lostSeconds > 0 && (
        <p className="text-warn">
          {formatSpan(lostSeconds * 1000)} could not be recorded since the console started: the database was away.
        </p>
      )}
    </div>
  );
}
