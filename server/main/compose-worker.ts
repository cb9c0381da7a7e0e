import { resolve } from "node:path";
import { Worker } from "#gateway/workers/worker.ts";
import { systemClock } from "#platform/clock.ts";
import type { GatewayEnv } from "#platform/env.ts";
import type { Log } from "#platform/log.ts";
import { addressRules, trafficOptions, upstreamAuthorities } from "./gateway-options.ts";
import { channelToLead } from "./worker-process.ts";

/** Runs one of a gateway's workers. It ends when the process that leads it says so, or is gone. */
export function composeWorker(env: GatewayEnv, log: Log): void {
  // Signals are often sent to all processes of a group: the leading one tells the others when it is time.
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => undefined);
  const channel = channelToLead();
  new Worker(
    {
      id: env.GATEWAY_ID,
      dataDir: resolve(env.DATA_DIR),
      zone: env.GATEWAY_ZONE,
      traffic: trafficOptions(env),
      rules: addressRules(env),
      authorities: upstreamAuthorities(env),
      clock: systemClock,
      log,
      onEnd: channel.end,
    },
    channel,
  );
}
