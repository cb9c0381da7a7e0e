"use client";

import type { ReactNode } from "react";
import type { LivePicture } from "#domain/live.ts";
import { Sparkline } from "../charts/sparkline.tsx";
import { formatCount, formatErrors, formatLatency, formatPercent, formatRate } from "../format/number.ts";
import { useServerNow } from "../live/use-now.ts";
import { Panel } from "../ui/panel.tsx";
import { errorChangeInWords, rateChangeInWords } from "./compare-words.ts";
import { meshCounts } from "./proof.ts";
import { useMeshHistory, type MeshHistory } from "./use-mesh-history.ts";

/** The mesh in figures, now and over the last hour, beside what they were. */
export function MeshFigures({ picture }: { picture: LivePicture }) {
  const history = useMeshHistory();
  const outside = picture.topology.nodes.find(({ kind }) => kind === "outside");
  const counts = meshCounts(picture, useServerNow());
  const { points, fromMs, toMs, now, before } = history;
  const span = { fromMs, toMs };
  return (
    <Panel className="live" title="The mesh" note="from outside, last 10 seconds; charts of the last hour">
      <dl className="grid grid-cols-2 gap-x-6 gap-y-4 lg:grid-cols-[2fr_2fr_1fr_1fr_1fr_1fr]">
        <Figure
          label="Requests"
          value={formatRate(outside?.requestsPerSecond ?? 0)}
          note={
            now !== null && before !== null
              ? rateChangeInWords(now.requestsPerSecond, before.mean.requestsPerSecond, before.when)
              : nothingBefore(history)
          }
        >
          <Sparkline
            {...span}
            points={points.map(({ atMs, requestsPerSecond }) => ({ atMs, value: requestsPerSecond }))}
            color="var(--accent)"
            leastTop={1}
            label={sparkWords(
              "Requests from outside",
              points.map((point) => point.requestsPerSecond),
              formatRate,
            )}
          />
        </Figure>
        <Figure
          label="Errors"
          value={formatErrors(outside)}
          note={
            now !== null && before !== null
              ? errorChangeInWords(now.errorPercent, before.mean.errorPercent, before.when)
              : nothingBefore(history)
          }
        >
          <Sparkline
            {...span}
            points={points.map(({ atMs, errorPercent }) => ({ atMs, value: errorPercent }))}
            color="var(--bad)"
            leastTop={5}
            label={sparkWords(
              "Errors",
              points.map((point) => point.errorPercent),
              formatPercent,
            )}
          />
        </Figure>
        <Figure label="p95" value={formatLatency(outside?.p95Ms ?? null)} note="latency" />
        <Figure label="Services" value={formatCount(counts.services)} note="with instances" />
        <Figure
          label="Instances"
          value={formatCount(counts.instances)}
          note={counts.serving === counts.instances ? "all serving" : `${formatCount(counts.serving)} serving`}
        />
        <Figure
          label="Gateways"
          value={formatCount(counts.gateways)}
          note={
            counts.breakers === 0
              ? "no breaker used yet"
              : `${formatCount(counts.closed)} of ${formatCount(counts.breakers)} breakers closed`
          }
        />
      </dl>
    </Panel>
  );
}

interface FigureProps {
  readonly label: string;
  readonly value: string;
  readonly note: string;
  readonly children?: ReactNode;
}

function Figure({ label, value, note, children }: FigureProps) {
  return (
    <div className="flex min-w-0 flex-col">
      <dt className="text-sm text-ink-3">{label}</dt>
      <dd className="flex flex-1 flex-col">
        <span className="text-xl leading-7 font-semibold tabular-nums">{value}</span>
        <span className="text-sm text-ink-3">{note}</span>
        {children !== undefined && <span className="mt-1.5 block">{children}</span>}
      </dd>
    </div>
  );
}

function nothingBefore({ points, error }: MeshHistory): string {
  if (error !== null && error !== undefined) return "the record cannot be read now";
  return points.length === 0 ? "nothing is on record yet" : "nothing to compare with yet";
}

function sparkWords(what: string, values: readonly number[], format: (value: number) => string): string {
  const [first] = values;
  if (first === undefined) return `${what} over the last hour: nothing is on record`;
  const most = format(Math.max(...values));
  return `${what} over the last hour: ${format(first)} at first, ${format(values.at(-1) ?? 0)} at last, ${most} at most`;
}
