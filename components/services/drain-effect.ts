import { isCallable, type Instance } from "#domain/instance.ts";
import type { LiveService } from "#domain/live.ts";
import type { PolicyRow } from "#domain/policy.ts";
import type { RouteSpec } from "#domain/route.ts";
import { settingInForce, type ServicePolicySpec } from "#domain/service-policy.ts";
import { hasLabels } from "#domain/service.ts";
import { destinationName } from "#domain/destination-name.ts";

export interface DrainEffect {
  /** Requests per second the instance carries now. */
  readonly rate: number;
  /** Instances that go on taking requests. */
  readonly others: readonly string[];
  /** Destinations of routes that nobody is left for: their requests get 503. */
  readonly stranded: readonly { readonly routeId: string; readonly destination: string }[];
}

type InstanceSettings = ServicePolicySpec["instances"];

/** Whether new requests go to an instance, as far as policy decides. */
export function takesRequests(settings: InstanceSettings, instance: Instance): boolean {
  const { drained, weight } = settingInForce(settings, instance);
  return instance.serving && isCallable(instance) && instance.presence !== "leaving" && !drained && weight > 0;
}

/** What happens when an instance takes no new requests any more. */
export function drainEffect(
  service: LiveService,
  settings: InstanceSettings,
  routes: readonly PolicyRow<RouteSpec>[],
  instanceId: string,
): DrainEffect {
  const taking = service.instances.filter((instance) => takesRequests(settings, instance));
  const left = taking.filter(({ id }) => id !== instanceId);
  const stranded = routes
    .filter(({ spec }) => spec.enabled)
    .flatMap(({ id, spec }) =>
      spec.destinations
        .filter(({ service: name, weight, labels }) => {
          const fits = ({ metadata }: (typeof taking)[number]): boolean => hasLabels(metadata, labels);
          return name === service.name && weight > 0 && taking.some(fits) && !left.some(fits);
        })
        .map((destination) => ({ routeId: id, destination: destinationName(destination) })),
    );
  const rate = service.traffic.find(({ instance }) => instance === instanceId)?.requestsPerSecond ?? 0;
  return { rate, others: left.map(({ id }) => id), stranded };
}
