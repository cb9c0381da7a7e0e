import type { ConsoleEnv, GatewayEnv } from "#platform/env.ts";
import type { RegistryOptions } from "#zookeeper/registry.ts";

/** Where Dubbo's interface-level registry is; null when it is switched off. Whoever serves has no use for consumers. */
export function dubboRoot(
  { DUBBO_ROOT }: Pick<ConsoleEnv | GatewayEnv, "DUBBO_ROOT">,
  { consumers }: { consumers: boolean },
): RegistryOptions["dubbo"] {
  return DUBBO_ROOT === "off" ? null : { root: DUBBO_ROOT, consumers };
}
