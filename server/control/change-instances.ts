import { findPolicy } from "#db/policy-repository.ts";
import type { Actor } from "#domain/audit.ts";
import { MeshError } from "#domain/errors.ts";
import { changedSettings, effectOfChange, leavesNobody, type InstanceChange } from "#domain/instance-change.ts";
import type { LivePicture } from "#domain/live.ts";
import type { PolicyRow } from "#domain/policy.ts";
import { defaultServicePolicy, type ServicePolicySpec } from "#domain/service-policy.ts";
import { edit, nowMs, type ControlDeps, type Edit } from "./edit.ts";
import { listRoutes } from "./list-routes.ts";
import { putPolicy } from "./put-policy.ts";

/** What changing instances is decided by, besides. */
export interface ChangeInstancesDeps extends ControlDeps {
  readonly live: { current(): LivePicture };
}

export interface ChangeInstancesInput {
  /** Each service once. */
  readonly changes: readonly InstanceChange[];
  /** Said by a person who was shown that requests will have nowhere to go. */
  readonly confirmed: boolean;
}

/**
 * Drains instances, sends requests to them again, changes their weights, or forgets all of that: any number, of any services, in one
 * revision. It is kept in the services' policies; the registry's entries are their owners'. Only what is named changes,
 * so two people who change different instances do not get in each other's way.
 * @returns the policies that changed.
 * @throws MeshError CONFIRMATION_NEEDED when the last instance that serves a service or a route's destination would stop
 * taking requests, INVALID_INPUT for an instance nobody knows, DOCUMENT_TOO_LARGE, DATABASE_DOWN.
 */
export async function changeInstances(
  deps: ChangeInstancesDeps,
  input: ChangeInstancesInput,
  actor: Actor,
): Promise<PolicyRow<ServicePolicySpec>[]> {
  const picture = deps.live.current();
  const names = input.changes.map(({ service }) => service);
  if (new Set(names).size < names.length)
    throw new MeshError("INVALID_INPUT", { detail: "A service is named twice.", field: "changes" });
  const routes = input.confirmed ? [] : await listRoutes(deps);
  return edit(deps, actor, async (step) => {
    const saved: PolicyRow<ServicePolicySpec>[] = [];
    for (const change of input.changes) {
      const found = await findPolicy(step.tx, "services", change.service);
      const spec = found.row?.spec ?? defaultServicePolicy(change.service);
      refuseUnknown(picture, change, spec);
      const live = picture.services.find(({ name }) => name === change.service);
      const instances = changedSettings(spec.instances, change, live?.instances ?? []);
      if (!input.confirmed && live !== undefined)
        refuseUnconfirmed(effectOfChange(live, spec.instances, instances, routes, nowMs(deps)));
      saved.push(put(step, { ...spec, instances }, change, found));
    }
    return saved;
  });
}

function put(
  step: Edit,
  spec: ServicePolicySpec,
  change: InstanceChange,
  found: Awaited<ReturnType<typeof findPolicy<"services">>>,
): PolicyRow<ServicePolicySpec> {
  return putPolicy(step, {
    kind: "services",
    id: change.service,
    spec,
    found,
    action: "service-policy.save",
    summary: summaryOf(change),
  });
}

/** A name typed wrong would be kept in silence. One that left, or has a setting already, may be changed. */
function refuseUnknown(
  { services, registryReadAtMs }: LivePicture,
  change: InstanceChange,
  spec: ServicePolicySpec,
): void {
  if (registryReadAtMs === 0) return;
  const service = services.find(({ name }) => name === change.service);
  const known = new Set([
    ...[...(service?.instances ?? []), ...(service?.departed ?? [])].map(({ id }) => id),
    ...Object.keys(spec.instances),
  ]);
  const unknown = change.instances.find((id) => !known.has(id));
  if (unknown === undefined) return;
  const detail =
    service === undefined
      ? `No service ${change.service} is registered.`
      : `${change.service} has no instance ${unknown}.`;
  throw new MeshError("INVALID_INPUT", { detail, field: "changes" });
}

function refuseUnconfirmed(effect: ReturnType<typeof effectOfChange>): void {
  if (!leavesNobody(effect)) return;
  const detail =
    effect.left.length === 0
      ? `No instance of ${effect.service} would be left that serves.`
      : `Nobody would be left for ${effect.stranded.map(({ routeId, destination }) => `${destination} of route ${routeId}`).join(", ")}.`;
  throw new MeshError("CONFIRMATION_NEEDED", { detail, field: "confirmed" });
}

const NAMED_MAX = 5;

/** `Drained a, b of stock`, `Weight 50 for 12 instances of stock`. */
function summaryOf({ service, instances, action }: InstanceChange): string {
  const who = `${instances.length > NAMED_MAX ? `${instances.length} instances` : instances.join(", ")} of ${service}`;
  switch (action.kind) {
    case "drain":
      return `Drained ${who}`;
    case "undrain":
      return `Sent requests again to ${who}`;
    case "set-weight":
      return `Weight ${action.weight} for ${who}`;
    case "scale-weight":
      return `${action.factor === 2 ? "Doubled" : "Halved"} the weight of ${who}`;
    case "unset-weight":
      return `Weight as registered for ${who}`;
    case "forget":
      return `Forgot what was set for ${who}`;
  }
}
