import { z } from "zod";
import { GatewayEnv } from "#platform/env.ts";
import { LaunchEnv } from "#launch/settings.ts";

const { GATEWAY_HOST, GATEWAY_PORT, GATEWAY_EGRESS, GATEWAY_EGRESS_HOST } = GatewayEnv.shape;
const { ZOOKEEPER, SERVICES_ROOT, DATA_DIR, LOG_LEVEL } = GatewayEnv.shape;

/** Settings of the demo's process: where the gateway and the registry are, as the gateway itself is told. */
export const DemoEnv = z.object({
  GATEWAY_HOST,
  GATEWAY_PORT,
  GATEWAY_EGRESS,
  GATEWAY_EGRESS_HOST,
  ZOOKEEPER,
  SERVICES_ROOT,
  DATA_DIR,
  LOG_LEVEL,
  DEMO_RATE: LaunchEnv.shape.DEMO_RATE,
});
export type DemoEnv = z.infer<typeof DemoEnv>;
