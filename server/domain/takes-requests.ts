import { isCallable, type Instance } from "./instance.ts";
import { settingInForce, type ServicePolicySpec } from "./service-policy.ts";

/**
 * Whether new requests go to an instance, as far as policy and its own registration decide: it serves, speaks what
 * gateways call, is not going, and is neither drained nor without weight.
 */
export function takesRequests(
  settings: ServicePolicySpec["instances"],
  instance: Pick<Instance, "id" | "weight" | "serving" | "presence" | "protocol">,
): boolean {
  const { drained, weight } = settingInForce(settings, instance);
  return instance.serving && isCallable(instance) && instance.presence !== "leaving" && !drained && weight > 0;
}
