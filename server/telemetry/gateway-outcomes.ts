import { LatencyRecorder } from "#domain/histogram.ts";
import { OUTCOMES, type Outcome } from "#domain/traffic.ts";

const OUTCOME_INDEX: Readonly<Record<Outcome, number>> = {
  success: 0,
  failure: 1,
  timeout: 2,
  unreachable: 3,
  rejected: 4,
  "short-circuited": 5,
  abandoned: 6,
};

/** Counts of calls by how they ended, emptied once a window. */
export class OutcomeCounter {
  readonly #counts = new Uint32Array(OUTCOMES.length);
  readonly #latency = new LatencyRecorder();
  #touched = false;

  /** `latencyMs` is null for what took no time of the service's: refusals, callers that went away. */
  add(outcome: Outcome, latencyMs: number | null): void {
    const index = OUTCOME_INDEX[outcome];
    this.#touched = true;
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    if (latencyMs !== null) this.#latency.record(latencyMs);
  }

  take(): { counts: Partial<Record<Outcome, number>>; latency: [number, number][] } {
    const counts: Partial<Record<Outcome, number>> = {};
    if (!this.#touched) return { counts, latency: [] };
    this.#touched = false;
    for (const outcome of OUTCOMES) {
      const count = this.#counts[OUTCOME_INDEX[outcome]] ?? 0;
      if (count > 0) counts[outcome] = count;
    }
    this.#counts.fill(0);
    return { counts, latency: this.#latency.take().map(([bucket, count]) => [bucket, count]) };
  }
}
