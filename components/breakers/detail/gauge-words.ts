import type { BreakerReading } from "#domain/traffic.ts";
import { formatCount } from "../../format/number.ts";
import { formatSetting } from "../../format/time.ts";

type Gauged = Pick<BreakerReading, "window" | "thresholds">;

/** One share of the deciding window against its threshold. */
export interface Gauge {
  readonly label: string;
  /** `78 %`, `31`. */
  readonly figure: string;
  /** How far the bar goes, 0 to 100. */
  readonly percent: number;
  /** Where the mark stands, 0 to 100. */
  readonly threshold: number;
  /** At or above its threshold, which opens it. */
  readonly over: boolean;
  readonly words: string;
}

/** As the engine rounds it, so that 49.9 % never reads as 50 %. */
const whole = (part: number, all: number): number => (all === 0 ? 0 : Math.floor((part * 100) / all));
const calls = (count: number): string => (count === 1 ? "1 call" : `${formatCount(count)} calls`);

/** "31 of 40 calls failed = 77 %, opens at 50 % of 20 or more". */
export function errorGauge({ window, thresholds }: Gauged): Gauge {
  const percent = whole(window.errors, window.total);
  const share =
    window.total === 0
      ? "No call in the window"
      : `${formatCount(window.errors)} of ${calls(window.total)} failed = ${percent.toString()} %`;
  const opens = thresholds.enabled
    ? `opens at ${thresholds.errorPercent.toString()} % of ${formatCount(thresholds.requestVolume)} or more`
    : "never opens by itself";
  return {
    label: "Failed",
    figure: `${percent.toString()} %`,
    percent,
    threshold: thresholds.errorPercent,
    over: window.total > 0 && window.errors * 100 >= thresholds.errorPercent * window.total,
    words: `${share}, ${opens}`,
  };
}

/** The same for slow calls, those still waiting among them; null while slow calls are no matter. */
export function slowGauge({ window, thresholds }: Gauged): Gauge | null {
  if (thresholds.slowCallMs === null) return null;
  const slow = window.slow + window.waiting;
  const total = window.total + window.waiting;
  const percent = whole(slow, total);
  const waiting = window.waiting === 0 ? "" : ` (${formatCount(window.waiting)} still waiting)`;
  const share =
    total === 0
      ? "No call in the window"
      : `${formatCount(slow)} of ${calls(total)} took ${formatSetting(thresholds.slowCallMs)} or longer${waiting} = ${percent.toString()} %`;
  return {
    label: "Slow",
    figure: `${percent.toString()} %`,
    percent,
    threshold: thresholds.slowCallRatePercent,
    over: total > 0 && slow * 100 >= thresholds.slowCallRatePercent * total,
    words: `${share}, opens at ${thresholds.slowCallRatePercent.toString()} %`,
  };
}

/** How full the window is of the calls that it takes to decide: "8 of 20 calls: too few to open". */
export function volumeGauge({ window, thresholds }: Gauged): Gauge {
  const { requestVolume } = thresholds;
  const enough = window.total >= requestVolume;
  return {
    label: "Calls",
    figure: formatCount(window.total),
    // The mark stands in the middle: twice as many calls as are needed fill the bar.
    percent: Math.min(100, whole(window.total, requestVolume * 2)),
    threshold: 50,
    over: false,
    words: enough
      ? `${calls(window.total)} in ${formatSetting(window.ms)}: enough to decide (${formatCount(requestVolume)})`
      : `${formatCount(window.total)} of ${calls(requestVolume)} in ${formatSetting(window.ms)}: too few to open`,
  };
}
