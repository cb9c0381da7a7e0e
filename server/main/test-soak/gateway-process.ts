import { useGatewayMemory } from "#gateway/memory-habits.ts";
import { GatewayEnv, readEnv } from "#platform/env.ts";
import { armFailpoint } from "#platform/failpoint.ts";
import { openLog } from "#platform/log.ts";
import { composeGateway } from "../compose-gateway.ts";
import { lifecycleUntilStopped, runProcess } from "../run-process.ts";
import { setWallClock } from "./wall-clock.ts";
import { ToGateway, type FromGateway } from "./messages.ts";

/** The gateway of main/gateway.ts, with settings and failpoints by IPC, so that it can be loaded before it is needed. */
const STOP_WITHIN_MS = 5000;

function tell(message: FromGateway): void {
  process.send?.(message);
}

async function hear(message: ToGateway): Promise<void> {
  if (message.kind === "arm") {
    armFailpoint(message.failpoint);
    return tell({ kind: "armed" });
  }
  if (message.kind === "clock") {
    setWallClock(message.aheadMs);
    return tell({ kind: "clock-set" });
  }
  const env = readEnv(GatewayEnv, message.env);
  const log = openLog("gateway", env.LOG_LEVEL);
  const gateway = await composeGateway(env, lifecycleUntilStopped(log, STOP_WITHIN_MS), log);
  tell({ kind: "up", edgePort: gateway.edgePort, adminPort: gateway.adminPort });
}

useGatewayMemory();
process.on("message", (message) => runProcess(() => hear(ToGateway.parse(message))));
tell({ kind: "loaded" });
