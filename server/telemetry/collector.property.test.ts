import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Clock } from "#platform/clock.ts";
import { collectFrom, startTestGateway, type TestCollector, type TestGateway } from "./test-gateway.ts";

const STEPS = [
  "publish",
  "publish",
  "publish",
  "catch-up",
  "cut",
  "restart-gateway",
  "restart-console",
  "away-and-back",
] as const;
type Step = (typeof STEPS)[number];

/** A gateway and a console, and all windows there ever were. */
class Interleaving {
  readonly #gateway: TestGateway;
  readonly #clock: Clock & { aheadMs: number };
  #console: TestCollector;
  #runs = 1;
  /** Of the present console: the first window that is its to have. */
  #published: string[] = [];
  /** Of the present run, those kept when the present console started. */
  #run: string[] = [];

  constructor(gateway: TestGateway, clock: Clock & { aheadMs: number }) {
    this.#gateway = gateway;
    this.#clock = clock;
    this.#console = collectFrom(gateway.port, clock);
  }

  async take(step: Step): Promise<void> {
    if (step === "publish") {
      this.#gateway.publish();
      this.#published.push(this.#latest());
      this.#run.push(this.#latest());
    } else if (step === "catch-up") await this.caughtUp();
    else if (step === "cut") this.#gateway.cut();
    else if (step === "restart-gateway") {
      this.#runs += 1;
      this.#gateway.restart(`run-${this.#runs}`);
      this.#run = [];
    } else if (step === "restart-console") {
      this.check();
      await this.#console.collector.stop();
      this.#console = collectFrom(this.#gateway.port, this.#clock);
      // It was not there before: what the gateway still has is all it can have.
      this.#published = [...this.#run];
    } else {
      this.#console.leave();
      // Long enough to be given up.
      this.#clock.aheadMs += 200_000;
      this.#console.leave();
      this.#console.register();
    }
  }

  /** Everything of the present run has arrived. */
  async caughtUp(): Promise<void> {
    await expect
      .poll(() => this.#run.every((window) => this.#console.windows.includes(window)), { timeout: 8000, interval: 5 })
      .toBe(true);
    this.check();
  }

  /** Each window once and in order; of each run without a gap from the first to the last that arrived. */
  check(): void {
    const { windows, collector } = this.#console;
    const expected = Map.groupBy(this.#published, runOf);
    const arrived = Map.groupBy(windows, runOf);
    expect(new Set(windows).size).toBe(windows.length);
    for (const [run, own] of arrived) expect(own).toEqual(expected.get(run)?.slice(0, own.length));
    expect([...arrived.keys()]).toEqual([...expected.keys()].filter((run) => arrived.has(run)));
    expect(collector.statuses().map(({ lostWindows }) => lostWindows)).toEqual(collector.statuses().map(() => 0));
  }

  async stop(): Promise<void> {
    await this.#console.collector.stop();
    await this.#gateway.stop();
  }

  #latest(): string {
    return `${this.#gateway.run()}/${this.#gateway.sequence()}`;
  }
}

const runOf = (window: string): string => window.split("/")[0] ?? "";

describe("a console that follows a gateway", () => {
  it("has each window once, in order and without a gap, whatever breaks off and starts anew in between", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...STEPS), { minLength: 5, maxLength: 40 }),
        fc.boolean(),
        async (steps, older) => {
          const clock = {
            aheadMs: 0,
            nowMs: () => Date.now() + clock.aheadMs,
            monotonicMs: () => performance.now() + clock.aheadMs,
          };
          const interleaving = new Interleaving(await startTestGateway({ clock, older }), clock);
          try {
            for (const step of steps) await interleaving.take(step);
            await interleaving.caughtUp();
          } finally {
            await interleaving.stop();
          }
        },
      ),
      { numRuns: 25 },
    );
  }, 120_000);
});
