import type { CallOutcome } from "#domain/breaker.ts";
import { authorityOf } from "#domain/instance.ts";

const KEPT = 64;
/** An instance with at least this share of what went wrong is where it went wrong, percent. */
const MOST = 50;

const NOT_SLOW = 0;
const SLOW = 1;

/** An instance that was called, as far as people need to be told. */
export interface CalledInstance {
  readonly id: string;
  readonly address: string;
  readonly port: number;
}

/** Where the latest calls of a command went wrong: a ring of 64, filled without allocating. Monotonic, ms. */
export class FailedCalls {
  readonly #instances: (CalledInstance | null)[] = Array.from({ length: KEPT }, () => null);
  readonly #atMs = new Float64Array(KEPT);
  readonly #slow = new Uint8Array(KEPT);
  #next = 0;

  /** `outcome` success: it was slow. */
  add(instance: CalledInstance, outcome: CallOutcome, nowMs: number): void {
    this.#instances[this.#next] = instance;
    this.#atMs[this.#next] = nowMs;
    this.#slow[this.#next] = outcome === "success" ? SLOW : NOT_SLOW;
    this.#next = (this.#next + 1) % KEPT;
  }

  /** "88 % of the last 64 failures at payments-b (10.0.3.7:8080)", of those since `sinceMs`; empty when there are none. */
  inWords(sinceMs: number): string {
    const failures = new Map<string, number>();
    let total = 0;
    let slow = 0;
    this.#instances.forEach((instance, at) => {
      if (instance === null || (this.#atMs[at] ?? 0) < sinceMs) return;
      const name = `${instance.id} (${authorityOf(instance)})`;
      failures.set(name, (failures.get(name) ?? 0) + 1);
      total += 1;
      slow += this.#slow[at] ?? 0;
    });
    const [worst] = [...failures].sort(([, a], [, b]) => b - a);
    if (worst === undefined) return "";
    if (total === 1) return `at ${worst[0]}`;
    const what = slow === 0 ? "failures" : slow === total ? "slow calls" : "failed and slow calls";
    const percent = Math.floor((worst[1] * 100) / total);
    if (percent < MOST) return `the last ${total} ${what} spread over ${failures.size} instances`;
    return `${percent} % of the last ${total} ${what} at ${worst[0]}`;
  }
}
