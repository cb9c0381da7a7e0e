import Link from "next/link";
import type { HystrixCommand, HystrixSource } from "#domain/hystrix-command.ts";
import { formatCount, formatLatency, formatPercent, formatRate, NO_VALUE } from "../../format/number.ts";
import { links } from "../../links.ts";
import { Badge } from "../../ui/badge.tsx";
import { cn } from "../../ui/cn.ts";
import { StateBadge } from "../state-badge.tsx";
import {
  hostsLike,
  noLatencyReason,
  spreadOf,
  stateInWords,
  viewOf,
  type JvmView,
  type Percentile,
} from "./jvm-state.ts";
import { RateSpark } from "./rate-spark.tsx";

interface HystrixTileProps {
  readonly command: HystrixCommand;
  /** Streams of its service. */
  readonly sources: readonly HystrixSource[];
  /** The console's clock, Unix epoch, ms. */
  readonly nowMs: number;
}

/** One Hystrix command of a JVM service at a glance. Nothing can be done to it from here. */
export function HystrixTile({ command, sources, nowMs }: HystrixTileProps) {
  const view = viewOf(command, nowMs);
  const isOpen = view.state === "open" || view.state === "forced-open";
  const reason = noLatencyReason(view, sources, nowMs);
  const lost = command.instances.length - view.fresh.length;
  return (
    <article
      aria-label={`Hystrix command ${command.key}`}
      className={cn(
        "flex flex-col gap-2.5 rounded-lg border bg-surface p-4 [contain-intrinsic-size:auto_18rem] [content-visibility:auto]",
        isOpen ? "border-bad/50" : "border-line",
      )}
    >
      <div className="live flex flex-col gap-0.5">
        <h3 className="truncate text-md font-semibold">
          <Link href={links.jvmCommand(command.key)} className="hover:underline" title={command.key}>
            {command.name}
          </Link>
        </h3>
        <div>
          {view.state === null ? (
            <Badge tone="off">Not known now</Badge>
          ) : (
            <StateBadge state={view.state} words={stateInWords(view)} />
          )}
        </div>
        <div className="text-sm text-ink-2">
          {command.service}
          {command.group !== "" && command.group !== command.service && ` · group ${command.group}`} ·{" "}
          {instancesInWords(command.instances.length)}
        </div>
      </div>
      {lost > 0 && (
        <p className="text-sm text-warn">
          Lost the stream of {instancesInWords(lost)}; {lost === 1 ? "its" : "their"} figures are left out.
        </p>
      )}
      <dl className="live grid grid-cols-3 gap-x-3 gap-y-1">
        <Figure label="Offered">{formatRate(command.offeredPerSecond)}</Figure>
        <Figure label="Errors" bad={view.errorPercent >= 10}>
          {formatPercent(view.errorPercent)}
        </Figure>
        <Figure label="Failed">{`${formatCount(view.errors)} of ${formatCount(view.requests)}`}</Figure>
        <SpreadFigure view={view} percentile="p50" />
        <SpreadFigure view={view} percentile="p90" />
        <SpreadFigure view={view} percentile="p99" />
      </dl>
      <div className="live">
        <RateSpark history={command.history} />
        <div className="mt-1 flex justify-between text-xs text-ink-3">
          <span>60 s</span>
          <span>calls offered</span>
          <span>now</span>
        </div>
      </div>
      {reason !== "" && <p className="text-sm text-ink-3">{reason}</p>}
      {view.fresh.some(({ hosts }) => hosts > 1) && <SumNote view={view} />}
    </article>
  );
}

export function instancesInWords(count: number): string {
  return count === 1 ? "1 instance" : `${count.toString()} instances`;
}

function Figure({ label, bad = false, children }: { label: string; bad?: boolean; children: string }) {
  return (
    <div>
      <dt className="text-xs text-ink-3">{label}</dt>
      <dd className={cn("font-medium whitespace-nowrap", bad && "text-bad")}>{children}</dd>
    </div>
  );
}

/** The highest of the instances, and how far down they go: percentiles of several cannot be put into one. */
function SpreadFigure({ view, percentile }: { view: JvmView; percentile: Percentile }) {
  const spread = spreadOf(view.fresh, percentile);
  return (
    <div>
      <dt className="text-xs text-ink-3">{view.fresh.length > 1 ? `${percentile}, highest` : percentile}</dt>
      <dd className="font-medium whitespace-nowrap">{spread === null ? NO_VALUE : formatLatency(spread.max)}</dd>
      {spread !== null && spread.min < spread.max && (
        <dd className="text-xs whitespace-nowrap text-ink-3">from {formatLatency(spread.min)}</dd>
      )}
    </div>
  );
}

function SumNote({ view }: { view: JvmView }) {
  const sums = view.fresh.filter(({ hosts }) => hosts > 1);
  const open = sums.reduce((sum, reading) => sum + (reading.state === "open" ? hostsLike(reading) : 0), 0);
  const hosts = sums.reduce((sum, reading) => sum + reading.hosts, 0);
  return (
    <p className="text-sm text-ink-3">
      Summed up by a Turbine over {hosts} hosts{open > 0 ? `, ${open.toString()} of them open` : ""}: its percentiles
      are means of theirs.
    </p>
  );
}
