"use client";

import { ChevronLeft, ChevronRight, Download, Table as TableIcon, ZoomIn, ZoomOut } from "lucide-react";
import { formatMoment } from "../format/time.ts";
import { useLiveStore } from "../live/live-provider.tsx";
import { Button } from "../ui/button.tsx";
import { NativeSelect } from "../ui/input.tsx";
import { SegmentedControl } from "../ui/segmented-control.tsx";
import { scaled, shifted, SIGNAL_RANGES, type TimeSpan } from "./signal-range.ts";
import { PERCENTILES, type SignalAddress } from "./use-signal-address.ts";

const DIRECTIONS = [
  { value: "in", label: "Calls to it" },
  { value: "out", label: "Calls it makes" },
];

const GROUPING_WORDS = {
  total: "all together",
  caller: "by caller",
  route: "by route",
  subset: "by version",
  instance: "by instance",
  service: "by called service",
} as const;

interface SignalControlsProps {
  readonly address: SignalAddress;
  /** What is shown now. */
  readonly span: TimeSpan;
  readonly onDownload: () => void;
  readonly canDownload: boolean;
}

/** What is drawn, of what time, and how it is told apart. */
export function SignalControls({ address, span, onDownload, canDownload }: SignalControlsProps) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <SegmentedControl
        label="Direction"
        options={DIRECTIONS}
        value={address.direction}
        onChange={(value) => {
          address.setDirection(value === "out" ? "out" : "in");
        }}
      />
      <NativeSelect
        aria-label="Lines"
        value={address.by}
        onChange={(event) => {
          address.setBy(event.target.value);
        }}
        className="w-auto"
      >
        {address.groupings.map((grouping) => (
          <option key={grouping} value={grouping}>
            {GROUPING_WORDS[grouping]}
          </option>
        ))}
      </NativeSelect>
      {address.by !== "total" && (
        <SegmentedControl
          label="Latency percentile"
          options={PERCENTILES.map((value) => ({ value, label: value }))}
          value={address.percentile}
          onChange={address.setPercentile}
        />
      )}
      <SegmentedControl
        label="Time shown"
        options={SIGNAL_RANGES}
        value={address.zoom === null ? address.range.value : ""}
        onChange={address.setRange}
      />
      <ZoomControls address={address} span={span} />
      <div className="ml-auto flex gap-2">
        <Button
          size="sm"
          aria-pressed={address.asTable}
          onClick={() => {
            address.setAsTable(!address.asTable);
          }}
        >
          <TableIcon aria-hidden />
          {address.asTable ? "Show as charts" : "Show as a table"}
        </Button>
        <Button size="sm" disabled={!canDownload} onClick={onDownload}>
          <Download aria-hidden />
          CSV
        </Button>
      </div>
    </div>
  );
}

function ZoomControls({ address, span }: { address: SignalAddress; span: TimeSpan }) {
  const store = useLiveStore();
  const go = (to: (span: TimeSpan, nowMs: number) => TimeSpan) => () => {
    address.setZoom(to(span, Date.now() + store.get().clockAheadMs));
  };
  return (
    <div role="group" aria-label="Move in time" className="flex flex-wrap items-center gap-1">
      <Button size="sm" aria-label="Earlier" title="Earlier" onClick={go((now, nowMs) => shifted(now, -0.5, nowMs))}>
        <ChevronLeft aria-hidden />
      </Button>
      <Button size="sm" aria-label="Zoom in" title="Zoom in" onClick={go((now, nowMs) => scaled(now, 0.5, nowMs))}>
        <ZoomIn aria-hidden />
      </Button>
      <Button size="sm" aria-label="Zoom out" title="Zoom out" onClick={go((now, nowMs) => scaled(now, 2, nowMs))}>
        <ZoomOut aria-hidden />
      </Button>
      <Button
        size="sm"
        aria-label="Later"
        title="Later"
        disabled={address.zoom === null}
        onClick={go((now, nowMs) => shifted(now, 0.5, nowMs))}
      >
        <ChevronRight aria-hidden />
      </Button>
      {address.zoom !== null && (
        <>
          <span className="px-1 text-sm text-ink-2 tabular-nums">
            {formatMoment(span.fromMs, span.toMs)} to {formatMoment(span.toMs, span.toMs)}
          </span>
          <Button
            size="sm"
            variant="primary"
            onClick={() => {
              address.setZoom(null);
            }}
          >
            Back to live
          </Button>
        </>
      )}
    </div>
  );
}
