import type { Instance } from "#domain/instance.ts";
import type { InstanceTraffic, LiveService } from "#domain/live.ts";
import { settingInForce, type SettingInForce, type ServicePolicySpec } from "#domain/service-policy.ts";
import { ServiceName } from "#domain/service.ts";
import { standsOf, type InstanceStand } from "../breakers/instance-stand.ts";

/** An instance, of whatever service: what two of them are told apart by. */
export interface InstanceRef {
  readonly service: string;
  readonly id: string;
}

/** One instance as lists show it. */
export interface InstanceRow extends InstanceRef {
  /** The same for the same instance, in every picture. */
  readonly key: string;
  readonly instance: Instance;
  /** In force for it. */
  readonly setting: SettingInForce;
  readonly stand: InstanceStand;
  readonly traffic: InstanceTraffic | undefined;
  /** `version=2, zone=a` */
  readonly labels: string;
  /** False: the registry holds a name that no policy can be written for. */
  readonly isNameable: boolean;
}

/** Settings of a service's instances. */
export type SettingsOf = (service: string) => ServicePolicySpec["instances"];

/** Third parties choose both names: any separator may be in either. */
export function instanceKey({ service, id }: InstanceRef): string {
  return JSON.stringify([service, id]);
}

/** Rows made of a service, and by which settings. */
interface MadeRows {
  readonly settings: ServicePolicySpec["instances"];
  readonly rows: readonly InstanceRow[];
}

/** A service of the live picture is the same object for as long as nothing of it changes. */
const made = new WeakMap<LiveService, MadeRows>();

/** Every registered instance of these services, as it is at `nowMs` (Unix epoch). Of a service that is as before, the same rows. */
export function rowsOf(services: readonly LiveService[], settingsOf: SettingsOf, nowMs: number): InstanceRow[] {
  return services.flatMap((service) => {
    const settings = settingsOf(service.name);
    const known = made.get(service);
    // Only what gateways hold against an instance ends by itself.
    if (known?.settings === settings && service.standings.length === 0) return known.rows;
    const rows = rowsOfService(service, settings, nowMs);
    made.set(service, { settings, rows });
    return rows;
  });
}

function rowsOfService(service: LiveService, settings: MadeRows["settings"], nowMs: number): InstanceRow[] {
  const { name } = service;
  const isNameable = ServiceName.safeParse(name).success;
  const trafficOf = new Map(service.traffic.map((traffic) => [traffic.instance, traffic]));
  const stands = new Map(standsOf(service, settings, nowMs).map((stand) => [stand.id, stand]));
  return service.instances.flatMap((instance) => {
    const { id } = instance;
    const stand = stands.get(id);
    if (stand === undefined) return [];
    return {
      key: instanceKey({ service: name, id }),
      service: name,
      id,
      instance,
      setting: settingInForce(settings, instance),
      stand,
      traffic: trafficOf.get(id),
      labels: labelsOf(instance),
      isNameable,
    };
  });
}

const NOTES_OF_PLATFORMS =
  /^(?:instance_status|dubbo.*|methods|interface|anyhost|generic|deprecated|pid|timestamp|bind[.].*)$/;

/** What instances differ in most often comes first. */
const FIRST_LABELS = ["version", "zone"];

function rankOf(label: string): number {
  const rank = FIRST_LABELS.indexOf(label);
  return rank === -1 ? FIRST_LABELS.length : rank;
}

const words = new WeakMap<Instance, string>();

/** Metadata worth showing as labels: what routes select by, not what the platform notes for itself. */
function labelsOf(instance: Instance): string {
  let labels = words.get(instance);
  if (labels === undefined) words.set(instance, (labels = labelsIn(instance.metadata)));
  return labels;
}

function labelsIn(metadata: Readonly<Record<string, string>>): string {
  return Object.entries(metadata)
    .filter(([key]) => !NOTES_OF_PLATFORMS.test(key))
    .toSorted(([a], [b]) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
    .join(", ");
}
