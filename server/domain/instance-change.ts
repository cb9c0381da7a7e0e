import { z } from "zod";
import { destinationName } from "./destination-name.ts";
import type { Instance } from "./instance.ts";
import type { LiveService } from "./live.ts";
import { isAway } from "./override-reach.ts";
import type { PolicyRow } from "./policy.ts";
import type { RouteSpec } from "./route.ts";
import { InstanceSetting, settingInForce, type ServicePolicySpec } from "./service-policy.ts";
import { hasLabels, ServiceName } from "./service.ts";
import { takesRequests } from "./takes-requests.ts";

const Weight = InstanceSetting.shape.weight.unwrap();
const HEAVIEST = Weight.maxValue ?? Number.POSITIVE_INFINITY;

/** What is done to instances; what an action does not name stays as it is. */
export const InstanceAction = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("drain") }),
  z.object({ kind: z.literal("undrain") }),
  z.object({ kind: z.literal("set-weight"), weight: Weight }),
  /** Of the weight in force, each instance its own. Who has a share keeps at least 1, and nobody gets more than the most. */
  z.object({ kind: z.literal("scale-weight"), factor: z.literal([0.5, 2]) }),
  /** A weight that a person set is given up: the registered one is in force again. A drain stays. */
  z.object({ kind: z.literal("unset-weight") }),
  /** A person has said nothing: what the instance registered is in force again. */
  z.object({ kind: z.literal("forget") }),
]);
export type InstanceAction = z.infer<typeof InstanceAction>;

/** Limits of one request. */
export const CHANGE_LIMITS = { services: 100, instances: 1000 } as const;

/** What a person wants of some instances of one service. */
export const InstanceChange = z.object({
  service: ServiceName,
  instances: z
    .array(z.string().min(1).max(256))
    .min(1, "Choose an instance")
    .max(CHANGE_LIMITS.instances, `At most ${CHANGE_LIMITS.instances} instances of a service at once`),
  action: InstanceAction,
});
export type InstanceChange = z.infer<typeof InstanceChange>;

type Settings = ServicePolicySpec["instances"];
type Registered = Pick<Instance, "id" | "weight">;

/**
 * Settings after a change. A drain says nothing of the weight, nor the other way round. A weight that comes to the same as
 * the registration is not kept, so that one which is registered later is in force again. `registered`: the service's
 * instances; one that is not among them registered no weight.
 */
export function changedSettings(
  settings: Settings,
  change: InstanceChange,
  registered: readonly Registered[],
): Settings {
  const known = new Map(registered.map((instance) => [instance.id, instance]));
  const next = new Map(Object.entries(settings));
  for (const id of change.instances) {
    const setting = afterAction(next.get(id) ?? NOTHING_SAID, change.action, known.get(id) ?? { id, weight: null });
    if (setting.weight === undefined && !setting.drained) next.delete(id);
    else next.set(id, setting);
  }
  return Object.fromEntries(next);
}

const NOTHING_SAID: InstanceSetting = { drained: false };

function afterAction(said: InstanceSetting, action: InstanceAction, instance: Registered): InstanceSetting {
  const { drained } = said;
  switch (action.kind) {
    case "drain":
      return { ...said, drained: true };
    case "undrain":
      // Drains were once saved with the weight that was in force.
      return said.weight === undefined ? NOTHING_SAID : withWeight(said.weight, false, instance);
    case "set-weight":
      return withWeight(action.weight, drained, instance);
    case "scale-weight": {
      const { weight } = settingInForce({ [instance.id]: said }, instance);
      return withWeight(scaled(weight, action.factor), drained, instance);
    }
    case "unset-weight":
      return { drained };
    case "forget":
      return NOTHING_SAID;
  }
}

function withWeight(weight: number, drained: boolean, instance: Registered): InstanceSetting {
  return weight === settingInForce({}, instance).weight ? { drained } : { weight, drained };
}

function scaled(weight: number, factor: number): number {
  return weight === 0 ? 0 : Math.min(Math.max(Math.round(weight * factor), 1), HEAVIEST);
}

/** What a change of settings does to a service now. */
export interface ChangeEffect {
  readonly service: string;
  /** Instances that take requests now and will not. */
  readonly stopping: readonly string[];
  /** What those carry, requests per second. */
  readonly rate: number;
  /** Instances that take requests afterwards and are well at every gateway. */
  readonly left: readonly string[];
  /** Destinations of routes that lose their last instance: their requests get 503, unless a backup answers. */
  readonly stranded: readonly { readonly routeId: string; readonly destination: string }[];
}

/** At `nowMs`, Unix epoch. */
export function effectOfChange(
  service: LiveService,
  before: Settings,
  after: Settings,
  routes: readonly PolicyRow<RouteSpec>[],
  nowMs: number,
): ChangeEffect {
  const away = new Set(
    service.standings.filter((standing) => isAway(standing, nowMs)).map((standing) => standing.instance),
  );
  const left = service.instances.filter((instance) => takesRequests(after, instance));
  const leftIds = new Set(left.map(({ id }) => id));
  const stopping = service.instances.filter((instance) => takesRequests(before, instance) && !leftIds.has(instance.id));
  const stoppingIds = new Set(stopping.map(({ id }) => id));
  const well = left.filter(({ id }) => !away.has(id));
  const isStranded = ({ service: name, weight, labels }: RouteSpec["destinations"][number]): boolean => {
    const fits = ({ metadata }: Pick<Instance, "metadata">): boolean => hasLabels(metadata, labels);
    return name === service.name && weight > 0 && stopping.some(fits) && !well.some(fits);
  };
  return {
    service: service.name,
    stopping: [...stoppingIds],
    rate: service.traffic.reduce(
      (sum, { instance, requestsPerSecond }) => sum + (stoppingIds.has(instance) ? requestsPerSecond : 0),
      0,
    ),
    left: well.map(({ id }) => id),
    stranded: routes
      .filter(({ spec }) => spec.enabled)
      .flatMap(({ id, spec }) =>
        spec.destinations
          .filter(isStranded)
          .map((destination) => ({ routeId: id, destination: destinationName(destination) })),
      ),
  };
}

/** Whether a person has to say that they know what it does: requests will have nowhere to go. */
export function leavesNobody({ stopping, left, stranded }: ChangeEffect): boolean {
  return stopping.length > 0 && (left.length === 0 || stranded.length > 0);
}
