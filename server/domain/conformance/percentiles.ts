import type { LatencyScenario } from "./latencies.ts";

/** NIST/SEMATECH e-Handbook of Statistical Methods, section on percentiles: 12 gauge readings. */
const NIST = [95.1772, 95.1567, 95.1937, 95.1959, 95.1442, 95.061, 95.1591, 95.1195, 95.1065, 95.0925, 95.199, 95.1682];

/**
 * What Hystrix's rolling percentile is asked, answered by a histogram with 8 buckets to a doubling. By design ours is different: a
 * percentile is a value that was recorded (nearest rank), or up to 9.1 % more, and not one between two (interpolated); what is gained is
 * that histograms of many gateways can be added up.
 */
export const PERCENTILES: { readonly name: string; readonly scenarios: readonly LatencyScenario[] } = {
  name: "Latency percentiles",
  scenarios: [
    {
      id: "no-latency-no-percentile",
      title: "Without a call there is no percentile (Hystrix says 0)",
      source: "Hystrix HystrixRollingPercentileTest.testValueIsZeroAfterRollingWindowPassesAndNoTraffic",
      tookMs: [],
      percentiles: [
        { percent: 50, is: null },
        { percent: 99, is: null },
      ],
    },
    {
      id: "one-latency",
      title: "Of one call every percentile is its time",
      source: "Hystrix HystrixRollingPercentileTest.testRolling",
      tookMs: [1000],
      percentiles: [0, 50, 99, 100].map((percent) => ({ percent, is: 1000 })),
    },
    {
      id: "median-of-three",
      title: "Of 1, 2 and 3 ms the median is 2 and the 75th percentile 3",
      source: "Hystrix HystrixRollingPercentileTest.testPercentileAlgorithm_HighPercentile",
      tookMs: [1, 2, 3],
      percentiles: [
        { percent: 50, is: 2 },
        { percent: 75, is: 3 },
      ],
    },
    {
      id: "quartiles-of-two",
      title: "Of 1 and 2 ms the 25th percentile is 1 and the 75th 2",
      source: "Hystrix HystrixRollingPercentileTest.testPercentileAlgorithm_LowPercentile",
      tookMs: [1, 2],
      percentiles: [
        { percent: 25, is: 1 },
        { percent: 75, is: 2 },
      ],
    },
    {
      id: "percentiles-of-four",
      title:
        "Of 10, 20, 30 and 40 ms, in any order: p25 10, p50 20, p75 30, p100 40 (Hystrix, one rank higher: 20, 30, 40, 40)",
      source: "Hystrix HystrixRollingPercentileTest.testPercentileAlgorithm_Percentiles",
      tookMs: [10, 30, 20, 40],
      percentiles: [
        { percent: 25, is: 10 },
        { percent: 50, is: 20 },
        { percent: 75, is: 30 },
        { percent: 100, is: 40 },
      ],
    },
    {
      id: "extremes",
      title: "The 0th percentile is the shortest time, the 100th the longest, however far apart",
      source: "Hystrix HystrixRollingPercentileTest.testPercentileAlgorithm_Extremes",
      tookMs: [0.5, 3, 4, 5, 60_000],
      percentiles: [
        { percent: 0, is: 0.5 },
        { percent: 50, is: 4 },
        { percent: 100, is: 60_000 },
      ],
    },
    {
      id: "nist-example",
      title: "The handbook's 12 readings: p90 and p100 to within a bucket",
      source: "Hystrix HystrixRollingPercentileTest.testPercentileAlgorithm_NISTExample",
      tookMs: NIST,
      percentiles: [
        { percent: 90, is: 95.1959 },
        { percent: 100, is: 95.199 },
      ],
    },
    {
      id: "few-slow-among-many",
      title: "Of 1000 calls of which 10 took 2 s, the 95th percentile is quick, and the 99.5th 2 s",
      source: "Hystrix HystrixRollingPercentileTest.testSampleDataOverTime1",
      tookMs: Array.from({ length: 1000 }, (_, index) => (index % 100 === 7 ? 2000 : 20)),
      percentiles: [
        { percent: 95, is: 20 },
        { percent: 99, is: 20 },
        { percent: 99.5, is: 2000 },
      ],
    },
  ],
};
