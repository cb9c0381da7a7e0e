import CircuitBreaker from "opossum";
import type { Latencies } from "#domain/conformance/latencies.ts";

/** Its Status keeps latencies for as long as its window, and tells nine percentiles; 0 stands for none. */
export function opossumLatencies(): Latencies {
  const status = CircuitBreaker.newStatus({
    rollingCountTimeout: 10_000,
    rollingCountBuckets: 20,
    enableSnapshots: false,
  });
  return {
    record: (ms) => status.increment("successes", ms),
    percentile: (percent) => {
      const ms = status.stats.percentiles[String(percent / 100)];
      return ms === 0 ? null : ms;
    },
  };
}
