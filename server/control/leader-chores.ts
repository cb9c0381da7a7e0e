import { MeshError } from "#domain/errors.ts";
import type { TrafficWindow } from "#domain/traffic.ts";
import type { Part } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import type { ControlDeps } from "./edit.ts";
import { expireOverrides } from "./expire-overrides.ts";
import { recordTransitions } from "./record-transitions.ts";

export interface LeaderChoresOptions {
  readonly isLeader: () => boolean;
  readonly log: Log;
}

export interface LeaderChores extends Part {
  /**
   * Hands over a window; its breaker transitions go on record as soon as this console leads and the database answers.
   * `endedAtMs` tells when it ended by the console's clock, as far as is known when it is asked.
   */
  take(window: TrafficWindow, endedAtMs: () => number): void;
}

const EVERY_MS = 1000;
/** A window's transitions without the rest, which is many times larger. */
interface Pending extends Pick<TrafficWindow, "gatewayId" | "run" | "sequence" | "transitions" | "endMs"> {
  readonly endedAtMs: () => number;
  readonly atMs: number;
}

/** As long as a gateway buffers: a console that follows keeps what the leader may not get round to recording. */
const KEEP_MS = 600_000;
const KEEP_WINDOWS = 10_000;

/** What one console does for all of them, about once a second: ends overrides, puts breaker transitions on record. */
export function doLeaderChores(deps: ControlDeps, options: LeaderChoresOptions): LeaderChores {
  const { isLeader, log } = options;
  const pending: Pending[] = [];
  let working: Promise<void> | undefined;

  async function work(): Promise<void> {
    forgetOld(pending);
    if (!isLeader()) return;
    await expireOverrides(deps);
    for (let next = pending[0]; next !== undefined && isLeader(); next = pending[0]) {
      await recordTransitions(deps, next, Math.round(next.endedAtMs() - next.endMs));
      if (pending[0] === next) pending.shift();
    }
  }

  const timer = setInterval(() => {
    working ??= work()
      .catch((error: unknown) => {
        // Tried again next second; the link's status says that the database is away.
        if (!(error instanceof MeshError && error.code === "DATABASE_DOWN"))
          log.error({ err: error }, "leader's chores failed");
      })
      .finally(() => (working = undefined));
  }, EVERY_MS).unref();

  return {
    name: "leader's chores",
    take({ gatewayId, run, sequence, transitions, endMs }, endedAtMs) {
      if (transitions.length === 0) return;
      pending.push({ gatewayId, run, sequence, transitions, endMs, endedAtMs, atMs: Date.now() });
    },
    async stop() {
      clearInterval(timer);
      await working;
    },
  };
}

function forgetOld(pending: { readonly atMs: number }[]): void {
  const sinceMs = Date.now() - KEEP_MS;
  while (pending.length > KEEP_WINDOWS || (pending[0] !== undefined && pending[0].atMs < sinceMs)) pending.shift();
}
