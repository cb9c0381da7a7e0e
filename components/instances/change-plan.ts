import {
  CHANGE_LIMITS,
  changedSettings,
  effectOfChange,
  leavesNobody,
  type ChangeEffect,
  type InstanceAction,
  type InstanceChange,
} from "#domain/instance-change.ts";
import type { LiveService } from "#domain/live.ts";
import type { PolicyRow } from "#domain/policy.ts";
import type { RouteSpec } from "#domain/route.ts";
import { settingInForce, type SettingInForce } from "#domain/service-policy.ts";
import type { InstanceRef, SettingsOf } from "./instance-row.ts";

/** What a person set out to do; a weight is still to be said. */
export type ChangeKind = "drain" | "undrain" | "weight";

/** What an action does to the chosen instances of one service. */
export interface ServicePlan {
  readonly service: string;
  /** Those that it changes. */
  readonly changed: readonly { readonly id: string; readonly from: SettingInForce; readonly to: SettingInForce }[];
  /** How many are so already. */
  readonly same: number;
  readonly effect: ChangeEffect;
}

/** What it is planned from. */
export interface PlanSources {
  readonly services: readonly LiveService[];
  readonly settingsOf: SettingsOf;
  readonly routes: readonly PolicyRow<RouteSpec>[];
  /** Unix epoch. */
  readonly nowMs: number;
}

/** Service by service, those first that would leave requests with nowhere to go. Who is not registered now is left out. */
export function planChange(
  chosen: readonly InstanceRef[],
  action: InstanceAction,
  sources: PlanSources,
): ServicePlan[] {
  const idsOf = new Map<string, Set<string>>();
  for (const { service, id } of chosen) idsOf.set(service, (idsOf.get(service) ?? new Set()).add(id));
  return sources.services
    .flatMap((service) => {
      const ids = idsOf.get(service.name);
      return ids === undefined ? [] : planOf(service, ids, action, sources);
    })
    .toSorted((a, b) => Number(isDangerous(b)) - Number(isDangerous(a)));
}

function planOf(
  service: LiveService,
  ids: ReadonlySet<string>,
  action: InstanceAction,
  { settingsOf, routes, nowMs }: PlanSources,
): ServicePlan {
  const { name } = service;
  const before = settingsOf(name);
  const here = service.instances.filter(({ id }) => ids.has(id));
  const change = { service: name, instances: here.map(({ id }) => id), action };
  const after = changedSettings(before, change, service.instances);
  const changed = here
    .map((instance) => ({
      id: instance.id,
      from: settingInForce(before, instance),
      to: settingInForce(after, instance),
    }))
    .filter(({ from, to }) => from.weight !== to.weight || from.drained !== to.drained);
  return {
    service: name,
    changed,
    same: here.length - changed.length,
    effect: effectOfChange(service, before, after, routes, nowMs),
  };
}

/** Whether somebody has to say that they know what it does. */
export function isDangerous({ effect }: ServicePlan): boolean {
  return leavesNobody(effect);
}

/** What the console is asked for: instances that are so already are not named. */
export function changesOf(plans: readonly ServicePlan[], action: InstanceAction): InstanceChange[] {
  return plans
    .filter(({ changed }) => changed.length > 0)
    .map(({ service, changed }) => ({ service, instances: changed.map(({ id }) => id), action }));
}

/** Why one request cannot do it all; null: it can. */
export function tooMuchInWords(changes: readonly InstanceChange[]): string | null {
  const { services, instances } = CHANGE_LIMITS;
  if (changes.length > services)
    return `These are instances of ${changes.length.toString()} services. At most ${services.toString()} services are changed at once.`;
  const largest = changes.find((change) => change.instances.length > instances);
  return largest === undefined
    ? null
    : `These are ${largest.instances.length.toLocaleString("en")} instances of ${largest.service}. At most ${instances.toLocaleString("en")} of a service are changed at once.`;
}

/** So many names are read; more are counted. */
const NAMED_MAX = 5;

/** `a, b, c, d, e and 12 more` */
export function namesInWords(names: readonly string[]): string {
  const more = names.length - NAMED_MAX;
  return more > 1 ? `${names.slice(0, NAMED_MAX).join(", ")} and ${more.toString()} more` : names.join(", ");
}

/** `catalog-b`; `3 instances`; `12 instances of 2 services`. */
export function countInWords(refs: readonly InstanceRef[]): string {
  const [only] = refs;
  if (refs.length === 1 && only !== undefined) return only.id;
  const services = new Set(refs.map(({ service }) => service)).size;
  const instances = `${refs.length.toLocaleString("en")} instances`;
  return services > 1 ? `${instances} of ${services.toString()} services` : instances;
}
