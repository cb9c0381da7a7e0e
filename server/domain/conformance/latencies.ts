import { bucketOf, bucketUpperMs, LatencyRecorder, percentileMs } from "../histogram.ts";
import type { Verdict } from "./play-scenario.ts";

/** Latencies that were recorded, and what their percentiles must be. */
export interface LatencyScenario {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly tookMs: readonly number[];
  readonly percentiles: readonly {
    readonly percent: number;
    /** The recorded value that so many percent do not exceed; null where nothing was recorded. Ours may be a bucket's width above. */
    readonly is: number | null;
  }[];
}

export interface Latencies {
  record(ms: number): void;
  /** Null: nothing was recorded. Undefined: it does not know this one. */
  percentile(percent: number): number | null | undefined;
}

/** One bucket: 8 to a doubling. */
const WITHIN = bucketUpperMs(bucketOf(1) + 1) / bucketUpperMs(bucketOf(1));
const ROUNDING = 1e-9;

export function ourLatencies(): Latencies {
  const recorder = new LatencyRecorder();
  let taken: ReturnType<LatencyRecorder["take"]> | null = null;
  return {
    record: (ms) => recorder.record(ms),
    percentile: (percent) => percentileMs((taken ??= recorder.take()), percent),
  };
}

/** `null`: the library has no percentiles. */
export function playLatencies(scenario: LatencyScenario, latencies: Latencies | null): Verdict {
  if (latencies === null) return { kind: "cannot", for: "percentiles" };
  for (const ms of scenario.tookMs) latencies.record(ms);
  for (const { percent, is } of scenario.percentiles) {
    const seen = latencies.percentile(percent);
    if (seen === undefined) return { kind: "cannot", for: `the ${percent}th percentile` };
    const right =
      is === null || seen === null ? seen === is : seen >= is * (1 - ROUNDING) && seen <= is * WITHIN * (1 + ROUNDING);
    if (!right) return { kind: "fails", seen: `the ${percent}th percentile is ${seen} ms, not ${is}` };
  }
  return { kind: "holds" };
}
