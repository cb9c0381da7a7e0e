import { backoffMs, pause } from "#platform/backoff.ts";
import type { Log } from "#platform/log.ts";
import type { SessionLink } from "./session-link.ts";

export interface LevelLoopOptions {
  readonly name: string;
  readonly log: Log;
  /** Reads everything it needs and acts on it. A rejection means: again, after a back-off. */
  readonly work: (signal: AbortSignal) => Promise<void>;
  /** Also runs this often, ± 20 %, ms, however often it is woken in between. */
  readonly everyMs?: number;
  /** Called before the first run after each such period. */
  readonly onPeriod?: () => void;
}

/** A loop that remembers one bit: something may have changed. However often it is woken meanwhile, it runs once more. */
export interface LevelLoop {
  wake(): void;
  stop(): Promise<void>;
}

/** Opens a loop: `levelLoop`, or one that a test steps. */
export type OpenLoop = (zk: SessionLink, options: LevelLoopOptions) => LevelLoop;

const STOP_WAIT_MS = 500;
/** The longest a timer can wait. */
const FOREVER_MS = 0x7fff_ffff;
const RETRY = { firstMs: 100, maxMs: 5000 };

/** Runs `work` at once, when woken, periodically, and after each return of ZooKeeper to `live`. Never throws. */
export function levelLoop(zk: SessionLink, options: LevelLoopOptions): LevelLoop {
  const { log } = options;
  const stopping = new AbortController();
  let dirty = true;
  let interrupt = new AbortController();
  let problem = "";
  let periodEndsAt = endOfPeriod();
  const wake = (): void => {
    dirty = true;
    interrupt.abort();
  };
  const stopListening = zk.onStatus((status) => {
    if (status.session === "live") wake();
  });
  // Not before the caller has its loop in hand: the work may wake it.
  const done = Promise.resolve().then(run);

  async function run(): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted;) {
      dirty = false;
      interrupt = new AbortController();
      if (performance.now() >= periodEndsAt) {
        periodEndsAt = endOfPeriod();
        options.onPeriod?.();
      }
      try {
        await options.work(stopping.signal);
        failures = 0;
        if (problem !== "") log.info(`${options.name}: works again`);
        problem = "";
      } catch (error) {
        failures += 1;
        if (!stopping.signal.aborted) complain(error);
      }
      await rest(failures);
    }
  }

  async function rest(failures: number): Promise<void> {
    if (failures > 0) {
      await pause(backoffMs(failures - 1, RETRY), interrupt.signal);
      // Woken again and again, a failing loop must still not spin.
      if (failures > 1 && interrupt.signal.aborted) await pause(RETRY.firstMs, stopping.signal);
      return;
    }
    if (dirty || stopping.signal.aborted) return;
    await pause(Math.min(FOREVER_MS, Math.max(0, periodEndsAt - performance.now())), interrupt.signal);
  }

  function endOfPeriod(): number {
    const { everyMs } = options;
    return everyMs === undefined ? Infinity : performance.now() + everyMs * (0.8 + 0.4 * Math.random());
  }

  /** Says a thing once, not on every attempt. */
  function complain(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    log[text === problem || zk.status().session !== "live" ? "debug" : "warn"](
      { err: error },
      `${options.name}: failed, will try again`,
    );
    problem = text;
  }

  return {
    wake,
    async stop() {
      stopListening();
      stopping.abort();
      interrupt.abort();
      // A call may be waiting for its deadline; nothing depends on its answer any more.
      await Promise.race([done, pause(STOP_WAIT_MS)]);
    },
  };
}
