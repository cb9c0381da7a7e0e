import type { BreakerSettings } from "../breaker-policy.ts";
import { shownState } from "../breaker-state.ts";
import { Breaker, REJECTED, type CallOutcome } from "../breaker.ts";
import { failureStatusTest } from "../failure-statuses.ts";
import type { OverrideMode } from "../override.ts";
import type { BreakerState } from "../traffic.ts";
import type { Ending } from "./scenario.ts";
import type { Ability, Begun, Library, Subject } from "./subject.ts";

const ALL: readonly Ability[] = [
  "counts that can be read",
  "a cause that can be read",
  "being forced open",
  "being forced closed",
  "other settings while it runs",
  "a state that can be saved",
  "a bulkhead",
  "rejections that do not count",
  "several trials",
  "being switched off",
  "slow calls",
  "a longer sleep each time",
  "jitter",
  "a graded return",
];

/** The breaker of the gateway and of the simulation. */
export const OURS: Library = {
  name: "ours",
  abilities: new Set(ALL),
  make: (settings) => new EngineSubject(settings),
};

/** Any moment will do; a monotonic clock starts anywhere. */
const START_MS = 100_000;
const EPOCH_MS = 1_700_000_000_000;

class EngineSubject implements Subject {
  #breaker: Breaker;
  #settings: BreakerSettings;
  #override: OverrideMode | null = null;
  #nowMs = START_MS;
  /** Calls of a process that has ended say nothing to the next. */
  #process = 1;

  constructor(settings: BreakerSettings) {
    this.#settings = settings;
    this.#breaker = new Breaker(settings, this.#nowMs);
  }

  begin(): Begun {
    const permit = this.#breaker.acquire(this.#nowMs, this.#override);
    if (permit < 0) return { kind: "refused", why: permit === REJECTED ? "rejected" : "short-circuited" };
    const startedMs = this.#nowMs;
    const process = this.#process;
    const end = (ending: Ending): void => {
      if (process !== this.#process) return;
      const outcome = outcomeOf(ending, this.#settings);
      this.#breaker.answered(startedMs, this.#nowMs);
      this.#breaker.settle(permit, outcome, this.#nowMs, this.#nowMs - startedMs);
      this.#breaker.release();
    };
    return { kind: "admitted", end };
  }

  wait(ms: number): void {
    this.#nowMs += ms;
  }

  /** As the gateway reads it: after what time alone has brought about. */
  state(): BreakerState {
    this.#breaker.tick(this.#nowMs);
    return shownState(this.#breaker.state);
  }

  window(): ReturnType<NonNullable<Subject["window"]>> {
    return this.#breaker.window(this.#nowMs);
  }

  cause(): string {
    this.#breaker.tick(this.#nowMs);
    return this.#breaker.state.cause;
  }

  force(mode: OverrideMode | null): void {
    this.#override = mode;
  }

  edit(settings: BreakerSettings): void {
    this.#settings = settings;
    this.#breaker.configure(settings, this.#nowMs);
  }

  restart(downMs: number): void {
    const saved = this.#breaker.save(this.#nowMs, this.#epochMs());
    const epochMs = this.#epochMs() + downMs;
    this.#process += 1;
    this.#nowMs += downMs;
    this.#breaker = new Breaker(this.#settings, this.#nowMs);
    if (saved !== null) this.#breaker.restore(saved, this.#nowMs, epochMs);
  }

  stop(): void {
    this.#process += 1;
  }

  #epochMs(): number {
    return EPOCH_MS + this.#nowMs;
  }
}

/** As the gateway judges it. */
function outcomeOf(ending: Ending, { failureStatuses }: BreakerSettings): CallOutcome {
  if (ending === "timed-out") return "timeout";
  if (ending === "unreachable" || ending === "abandoned") return ending;
  const status = typeof ending === "number" ? ending : ending === "ok" ? 200 : 500;
  return failureStatusTest(failureStatuses)(status) ? "failure" : "success";
}
