import { z } from "zod";
import { destinationName } from "./destination-name.ts";
import type { LiveService } from "./live.ts";
import { isAway } from "./override-reach.ts";
import type { PolicyRow } from "./policy.ts";
import type { RouteSpec } from "./route.ts";
import { InstanceSetting, type ServicePolicySpec } from "./service-policy.ts";
import { hasLabels, ServiceName } from "./service.ts";

/** What a person wants of some instances of one service; what is not named stays as it is. */
export const InstanceChange = z
  .object({
    service: ServiceName,
    instances: z.array(z.string().min(1).max(256)).min(1, "Choose an instance").max(1000, "At most 1000 at once"),
    weight: InstanceSetting.shape.weight.unwrap().optional(),
    drained: InstanceSetting.shape.drained.unwrap().optional(),
  })
  .refine(({ weight, drained }) => weight !== undefined || drained !== undefined, { error: "Say what to change" });
export type InstanceChange = z.infer<typeof InstanceChange>;

type Settings = ServicePolicySpec["instances"];

const USUAL = InstanceSetting.parse({});

/** What is set for an instance, the usual where nothing is. */
export function settingOf(settings: Settings, id: string): InstanceSetting {
  return (Object.hasOwn(settings, id) ? settings[id] : undefined) ?? USUAL;
}

/** Settings after a change. What comes to the usual is not kept. */
export function changedSettings(settings: Settings, change: InstanceChange): Settings {
  const next = new Map(Object.entries(settings));
  for (const id of change.instances) {
    const { weight, drained } = settingOf(settings, id);
    const setting = { weight: change.weight ?? weight, drained: change.drained ?? drained };
    if (setting.weight === USUAL.weight && setting.drained === USUAL.drained) next.delete(id);
    else next.set(id, setting);
  }
  return Object.fromEntries(next);
}

/** Whether new requests go to an instance, as far as policy and the instance itself decide. */
export function takesRequests(
  settings: Settings,
  instance: { readonly id: string; readonly serving: boolean },
): boolean {
  const { drained, weight } = settingOf(settings, instance.id);
  return instance.serving && !drained && weight > 0;
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
  const taking = service.instances.filter((instance) => takesRequests(before, instance));
  const left = service.instances.filter((instance) => takesRequests(after, instance));
  const well = left.filter(({ id }) => !away.has(id));
  const leftIds = new Set(left.map(({ id }) => id));
  const stopping = taking.map(({ id }) => id).filter((id) => !leftIds.has(id));
  const rateOf = (id: string): number =>
    service.traffic.find(({ instance }) => instance === id)?.requestsPerSecond ?? 0;
  const isStranded = ({ service: name, weight, labels }: RouteSpec["destinations"][number]): boolean => {
    const fits = ({ metadata }: (typeof taking)[number]): boolean => hasLabels(metadata, labels);
    return name === service.name && weight > 0 && taking.some(fits) && !well.some(fits);
  };
  return {
    service: service.name,
    stopping,
    rate: stopping.reduce((sum, id) => sum + rateOf(id), 0),
    left: well.map(({ id }) => id),
    stranded:
      stopping.length === 0
        ? []
        : routes
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
