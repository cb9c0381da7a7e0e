"use client";

import { ChartLine } from "lucide-react";
import { useMemo, useState } from "react";
import type { SignalGrouping, Signals as SignalsRead } from "#domain/history.ts";
import { formatMoment, formatSpan } from "../format/time.ts";
import { ServerWords } from "../live/server-words.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { Panel } from "../ui/panel.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { useNarrow } from "../ui/use-narrow.ts";
import { clusterMarkers } from "./cluster-markers.ts";
import { createCursor, CursorContext } from "./cursor.ts";
import { CursorSlider } from "./cursor-slider.tsx";
import { downloadText } from "./download-text.ts";
import { lineStyle } from "./line-style.ts";
import { MarkerStrip } from "./marker-strip.tsx";
import { BYTES, IN_FLIGHT, LATENCY } from "./metrics.ts";
import { ReadOutFigures } from "./read-out.tsx";
import { SignalCharts } from "./signal-charts.tsx";
import { SignalControls } from "./signal-controls.tsx";
import { signalFrame } from "./signal-frame.ts";
import { SignalLegend } from "./signal-legend.tsx";
import { SignalTable } from "./signal-table.tsx";
import { signalsCsv } from "./signals-csv.ts";
import { useServiceMarkers } from "./use-service-markers.ts";
import { useSignalAddress, type SignalAddress } from "./use-signal-address.ts";
import { useSignals, type ReadSignals } from "./use-signals.ts";

interface SignalsPanelProps {
  readonly service: string;
  /** Names under which things happen to it: its own, and keys of policy such as `routes/checkout`. */
  readonly concerns: ReadonlySet<string>;
}

/** Traffic, errors, latency and saturation of one service over time, with what happened meanwhile. */
export function SignalsPanel({ service, concerns }: SignalsPanelProps) {
  const address = useSignalAddress();
  const read = useSignals({ service, direction: address.direction, by: address.by }, address.range, address.zoom);
  return (
    <Panel title="Golden signals" note={read.data !== undefined && address.zoom === null && <Age read={read.data} />}>
      {read.data === undefined ? (
        read.isError ? (
          <ErrorState error={read.error} onRetry={() => void read.refetch()} />
        ) : (
          <div role="status" aria-label="Loading">
            <Skeleton className="h-96 rounded" />
          </div>
        )
      ) : (
        <>
          {read.isError && (
            <div className="mb-3">
              <ErrorState error={read.error} onRetry={() => void read.refetch()} />
            </div>
          )}
          <Signals service={service} concerns={concerns} address={address} read={read.data} />
        </>
      )}
    </Panel>
  );
}

function Age({ read }: { read: ReadSignals }) {
  return (
    <>
      live; read up to <ServerWords words={(nowMs) => formatMoment(Math.min(read.toMs, nowMs), nowMs)} />
    </>
  );
}

interface SignalsProps extends SignalsPanelProps {
  readonly address: SignalAddress;
  readonly read: ReadSignals;
}

/** Room of a marker with its number beside the icon, as a share of the charts' width. */
const CLOSE = 0.045;
const CLOSE_ON_PHONE = 0.17;

function Signals({ service, concerns, address, read }: SignalsProps) {
  const [cursor] = useState(createCursor);
  const frame = useMemo(() => signalFrame(labelled(read.signals, address.by), read), [read, address.by]);
  const styles = useMemo(() => frame.lines.map(({ name }, at) => lineStyle(name, at)), [frame]);
  const markers = useServiceMarkers(concerns, frame, address.zoom === null);
  const close = useNarrow() ? CLOSE_ON_PHONE : CLOSE;
  const clusters = useMemo(() => clusterMarkers(markers, frame, close), [markers, frame, close]);
  const isTotal = address.by === "total";
  // With one line for everything there is nothing to choose from.
  const hidden = isTotal ? NONE : address.hidden;
  const of = address.direction === "in" ? `calls to ${service}` : `calls that ${service} makes`;
  const when = address.zoom === null ? address.range.words : "the stretch chosen";
  const isEmpty = frame.times.length === 0;
  const saturation = [LATENCY[address.percentile], IN_FLIGHT, BYTES];
  const styleOf = (name: string) => styles[frame.lines.findIndex((line) => line.name === name)];
  return (
    <CursorContext value={cursor}>
      <div className="flex flex-col gap-3">
        <SignalControls
          address={address}
          span={frame}
          canDownload={!isEmpty}
          onDownload={() => {
            downloadText(`${service}-${address.direction}-${address.by}.csv`, "text/csv", signalsCsv(frame));
          }}
        />
        {!isTotal && !isEmpty && (
          <SignalLegend
            lines={frame.lines.map(({ name }, at) => ({ name, style: styles[at] ?? lineStyle(name, at) }))}
            hidden={hidden}
            onHide={address.setHidden}
          />
        )}
        <MarkerStrip clusters={clusters} span={frame} selected={`service:${service}`} />
        {isEmpty ? (
          <EmptyState icon={ChartLine} title="Nothing is on record">
            No {of} in the {formatSpan(frame.toMs - frame.fromMs)} shown. Calls appear a few seconds after they are
            made; what is older than 14 days is deleted.
          </EmptyState>
        ) : address.asTable ? (
          <SignalTable frame={frame} hidden={hidden} caption={`Golden signals of ${of}, ${when}`} />
        ) : (
          <div className="relative">
            <CursorSlider frame={frame} chart="traffic" />
            <SignalCharts
              frame={frame}
              styles={styles}
              hidden={hidden}
              isTotal={isTotal}
              percentile={address.percentile}
              clusters={clusters}
              onZoom={address.setZoom}
              subject={`${of}, ${when}`}
              tooltip={
                <ReadOutFigures
                  frame={frame}
                  colorOf={(name) => styleOf(name)?.color ?? "var(--ink-3)"}
                  isHidden={(name) => hidden.has(name)}
                  metrics={saturation}
                />
              }
            />
          </div>
        )}
      </div>
    </CursorContext>
  );
}

const NONE: ReadonlySet<string> = new Set();

/** Lines by names for people: calls that were refused came to no instance, and those of plain destinations to no version. */
function labelled({ stepSeconds, lines }: SignalsRead, by: SignalGrouping): SignalsRead {
  const unnamed = by === "instance" ? "refused before one was picked" : by === "subset" ? "no version" : "none";
  return {
    stepSeconds,
    lines: lines.map(({ name, points }) => ({ name: name === "" ? unnamed : name, points })),
  };
}
