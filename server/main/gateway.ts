import { GatewayEnv, readEnv, SettingsError } from "#platform/env.ts";
import { Lifecycle } from "#platform/lifecycle.ts";
import { openLog } from "#platform/log.ts";
import { composeGateway } from "./compose-gateway.ts";

/** What a stop may take beyond the drain before it is cut short, ms. */
const STOP_SLACK_MS = 5000;

async function main(): Promise<void> {
  const env = readEnv(GatewayEnv, process.env);
  const log = openLog("gateway", env.LOG_LEVEL);
  const lifecycle = new Lifecycle(log);
  stopOnSignals(lifecycle, env.GATEWAY_DRAIN_MS + STOP_SLACK_MS);
  const { edgePort, adminPort, egressPorts } = await composeGateway(env, lifecycle, log);
  log.info({ event: "ready", edge: edgePort, admin: adminPort, egress: egressPorts }, "gateway is up");
  process.send?.({ ready: true, edgePort, adminPort, egress: egressPorts });
}

function stopOnSignals(lifecycle: Lifecycle, withinMs: number): void {
  const stop = (): void => {
    setTimeout(() => process.exit(1), withinMs).unref();
    void lifecycle.stop().then(() => process.exit(0));
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  // Whoever started this process over IPC has gone.
  process.once("disconnect", stop);
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof SettingsError ? error.message : String(error instanceof Error ? (error.stack ?? error.message) : error)}\n`,
  );
  process.exit(1);
});
