import { useGatewayMemory } from "#gateway/memory-habits.ts";
import { GatewayEnv, readEnv } from "#platform/env.ts";
import { openLog } from "#platform/log.ts";
import { composeGateway } from "./compose-gateway.ts";
import { composeWorker } from "./compose-worker.ts";
import { lifecycleUntilStopped, runProcess } from "./run-process.ts";
import { isWorkerProcess } from "./worker-process.ts";

/** What a stop may take beyond the drain before it is cut short, ms. */
const STOP_SLACK_MS = 5000;

async function main(): Promise<void> {
  useGatewayMemory();
  const env = readEnv(GatewayEnv, process.env);
  if (isWorkerProcess) return composeWorker(env, openLog("gateway worker", env.LOG_LEVEL));
  const log = openLog("gateway", env.LOG_LEVEL);
  const lifecycle = lifecycleUntilStopped(log, env.GATEWAY_DRAIN_MS + STOP_SLACK_MS);
  const { edgePort, tlsPort, adminPort, egressPorts } = await composeGateway(env, lifecycle, log);
  log.info({ event: "ready", edge: edgePort, tls: tlsPort, admin: adminPort, egress: egressPorts }, "gateway is up");
  process.send?.({ ready: true, edgePort, tlsPort, adminPort, egress: egressPorts });
}

runProcess(main);
