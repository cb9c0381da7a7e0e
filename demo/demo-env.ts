import { z } from "zod";
import { GatewayEnv } from "#platform/env.ts";
import { LaunchEnv } from "#launch/settings.ts";

/** Settings of the demo's process: where the gateway and the registry are, as the gateway itself is told. */
export const DemoEnv = z.object({
  ...GatewayEnv.pick({ GATEWAY_HOST: true, GATEWAY_PORT: true, GATEWAY_EGRESS: true, GATEWAY_EGRESS_HOST: true }).shape,
  ...GatewayEnv.pick({ ZOOKEEPER: true, SERVICES_ROOT: true, DATA_DIR: true, LOG_LEVEL: true }).shape,
  DEMO_RATE: LaunchEnv.shape.DEMO_RATE,
});
export type DemoEnv = z.infer<typeof DemoEnv>;
