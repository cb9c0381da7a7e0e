import { Counter, Gauge, Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { DurationMetric } from "../duration-metric.ts";
import { WorkerMetrics } from "./worker-metrics.ts";

/** A worker that has counted `requests`, of a tenth of a second each, and has one in flight. */
function workerWith(requests: number): Registry {
  const registry = new Registry();
  const registers = [registry];
  new Counter({ name: "requests_total", help: "h", labelNames: ["route"], registers }).inc({ route: "shop" }, requests);
  new Gauge({ name: "in_flight", help: "h", registers }).set(1);
  const duration = new DurationMetric("duration_seconds", "h", registers);
  for (let n = 0; n < requests; n += 1) duration.add("edge", 0.1);
  return registry;
}

describe("the metrics of workers", () => {
  const metrics = new Map([
    [1, workerWith(3)],
    [2, workerWith(4)],
  ]);
  const alive = new Set(metrics.keys());
  const workers: WorkerMetrics = new WorkerMetrics((request) => {
    for (const worker of alive) {
      const answer = metrics.get(worker)?.getMetricsAsJSON();
      void answer?.then((json) => workers.take(worker, request, json));
    }
    return [...alive];
  });

  it("are summed, and counts stay when a worker is gone, while what was true of it does not", async () => {
    const text = await workers.render();
    expect(text).toContain('requests_total{route="shop"} 7');
    expect(text).toContain('duration_seconds_count{listener="edge"} 7');
    expect(text).toContain('duration_seconds_bucket{le="0.1",listener="edge"} 7');
    expect(text).toContain("in_flight 2");
    alive.delete(1);
    workers.forget(1);
    const later = await workers.render();
    expect(later).toContain('requests_total{route="shop"} 7');
    expect(later).toContain('duration_seconds_count{listener="edge"} 7');
    expect(later).toContain("in_flight 1");
  });
});
