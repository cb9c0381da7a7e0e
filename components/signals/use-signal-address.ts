"use client";

import { SIGNAL_GROUPINGS, type SignalGrouping, type SignalsQuery } from "#domain/history.ts";
import { useUrlState } from "../ui/use-url-state.ts";
import { readSpan, signalRangeOf, writeSpan, type SignalRange, type TimeSpan } from "./signal-range.ts";

export const PERCENTILES = ["p50", "p95", "p99"] as const;
export type Percentile = (typeof PERCENTILES)[number];

/** How lines may be told apart, by whom is looked at. */
const GROUPINGS: Readonly<Record<SignalsQuery["direction"], readonly SignalGrouping[]>> = {
  in: ["total", "caller", "route", "subset", "instance"],
  out: ["total", "service", "route"],
};

/** What of the golden signals is shown. All of it stands in the address. */
export interface SignalAddress {
  readonly direction: SignalsQuery["direction"];
  readonly setDirection: (direction: SignalsQuery["direction"]) => void;
  readonly by: SignalGrouping;
  readonly groupings: readonly SignalGrouping[];
  readonly setBy: (by: string) => void;
  readonly range: SignalRange;
  readonly setRange: (value: string) => void;
  /** A stretch of the past; null: the charts follow the present. */
  readonly zoom: TimeSpan | null;
  readonly setZoom: (span: TimeSpan | null) => void;
  /** Which latency is drawn when there are several lines. */
  readonly percentile: Percentile;
  readonly setPercentile: (value: string) => void;
  /** Names of lines that are not drawn. */
  readonly hidden: ReadonlySet<string>;
  readonly setHidden: (names: Iterable<string>) => void;
  readonly asTable: boolean;
  readonly setAsTable: (asTable: boolean) => void;
}

export function useSignalAddress(): SignalAddress {
  const [dir, setDir] = useUrlState("dir");
  const [by, setBy] = useUrlState("by");
  const [range, setRange] = useUrlState("range");
  const [zoom, setZoom] = useUrlState("zoom");
  const [percentile, setPercentile] = useUrlState("latency");
  const [hide, setHide] = useUrlState("hide");
  const [view, setView] = useUrlState("signals");
  const direction = dir === "out" ? "out" : "in";
  const groupings = GROUPINGS[direction];
  const grouping = SIGNAL_GROUPINGS.find((one) => one === by && groupings.includes(one)) ?? "total";
  const unlessUsual = (usual: string, set: (value: string | null) => void) => (value: string) => {
    set(value === usual ? null : value);
  };
  return {
    direction,
    setDirection: (next) => {
      setDir(next === "in" ? null : next);
      setHide(null);
    },
    by: grouping,
    groupings,
    setBy: (next) => {
      setBy(next === "total" ? null : next);
      setHide(null);
    },
    range: signalRangeOf(range),
    setRange: (value) => {
      setRange(value === signalRangeOf(null).value ? null : value);
      setZoom(null);
    },
    zoom: readSpan(zoom),
    setZoom: (span) => {
      setZoom(span === null ? null : writeSpan(span));
    },
    percentile: PERCENTILES.find((one) => one === percentile) ?? "p95",
    setPercentile: unlessUsual("p95", setPercentile),
    hidden: readNames(hide),
    setHidden: (names) => {
      setHide(writeNames(names));
    },
    asTable: view === "table",
    setAsTable: (asTable) => {
      setView(asTable ? "table" : null);
    },
  };
}

/** Names with a comma between them; a comma in a name is escaped. */
function readNames(text: string | null): ReadonlySet<string> {
  if (text === null) return new Set();
  return new Set(text.split(",").map((name) => name.replaceAll("%2C", ",").replaceAll("%25", "%")));
}

function writeNames(names: Iterable<string>): string | null {
  const all = [...names].sort().map((name) => name.replaceAll("%", "%25").replaceAll(",", "%2C"));
  return all.length === 0 ? null : all.join(",");
}
