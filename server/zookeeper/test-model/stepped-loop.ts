import type { LevelLoop, LevelLoopOptions, OpenLoop } from "../level-loop.ts";
import type { Process, Scheduler } from "./scheduler.ts";

/** The loops of one process, run by the scheduler instead of by timers. */
export interface SteppedLoops {
  readonly open: OpenLoop;
  /** Lets the period of every loop pass, or of those with this name. */
  period(name?: string): void;
}

/** Loops whose runs begin when the scheduler says so; a failed run is due again, as after its back-off. */
export function steppedLoops(scheduler: Scheduler, owner: Process): SteppedLoops {
  const periods: { readonly name: string; readonly period: () => void }[] = [];
  return {
    open(zk, options) {
      const { loop, period } = steppedLoop(scheduler, owner, options);
      zk.onStatus((status) => {
        if (status.session === "live") loop.wake();
      });
      periods.push({ name: options.name, period });
      return loop;
    },
    period(only) {
      for (const { name, period } of periods) if (only === undefined || only === name) period();
    },
  };
}

function steppedLoop(
  scheduler: Scheduler,
  owner: Process,
  options: LevelLoopOptions,
): { loop: LevelLoop; period: () => void } {
  const { signal } = new AbortController();
  let state: "idle" | "due" | "running" | "running and due" = "idle";

  function wake(): void {
    if (state === "running") state = "running and due";
    if (state !== "idle") return;
    state = "due";
    scheduler.add(owner, run);
  }

  function run(): void {
    state = "running";
    options.work(signal).then(
      () => ended(false),
      () => ended(true),
    );
  }

  function ended(failed: boolean): void {
    const again = failed || state === "running and due";
    state = "idle";
    if (again) wake();
  }

  wake();
  return {
    loop: { wake, stop: () => Promise.resolve() },
    period() {
      if (state === "idle") options.onPeriod?.();
      wake();
    },
  };
}
