import { findPolicy } from "#db/policy-repository.ts";
import type { Actor } from "#domain/audit.ts";
import { MeshError } from "#domain/errors.ts";
import type { LivePicture } from "#domain/live.ts";
import {
  askedTimeInWords,
  modeInWords,
  overrideId,
  scopeInWords,
  targetInWords,
  type InstanceTarget,
  type OverrideDraft,
  type OverrideSpec,
} from "#domain/override.ts";
import { needsConfirmation, othersServing, reachOf } from "#domain/override-reach.ts";
import type { PolicyRow } from "#domain/policy.ts";
import { edit, nowMs, type ControlDeps } from "./edit.ts";
import { putPolicy } from "./put-policy.ts";

/** What forcing is decided by, besides. */
export interface ForceDeps extends ControlDeps {
  readonly live: { current(): LivePicture };
  /** From this many requests per second on it has to be confirmed; 0: always. */
  readonly forceConfirmRps: number;
}

/**
 * Forces the breakers of a target, or an instance, open or closed, on the fleet or one gateway. An override of the same
 * target and scope is replaced: whoever forces a breaker means it whatever state it is in.
 * @throws MeshError CONFIRMATION_NEEDED when it affects much now, INVALID_INPUT for an instance nobody knows,
 * DATABASE_DOWN.
 */
export async function forceBreaker(
  deps: ForceDeps,
  draft: OverrideDraft,
  actor: Actor,
): Promise<PolicyRow<OverrideSpec>> {
  const { durationMs, confirmed, ...rest } = draft;
  const id = overrideId(draft.target, draft.scope);
  if (draft.target.kind === "instance") refuseUnknown(deps.live.current(), draft.target);
  if (!confirmed) await refuseUnconfirmed(deps, draft);
  return edit(deps, actor, async (step) => {
    const expiresAtMs = durationMs === null ? null : step.atMs + durationMs;
    const spec: OverrideSpec = { ...rest, actor: actor.name, createdAtMs: step.atMs, expiresAtMs };
    const found = await findPolicy(step.tx, "overrides", id);
    return putPolicy(step, {
      kind: "overrides",
      id,
      spec,
      found,
      action: "override.set",
      summary: summaryOf(draft),
    });
  });
}

/** A name typed wrong would be held in silence. One that left a moment ago may be back; nothing is known before the first reading. */
function refuseUnknown({ services, registryReadAtMs }: LivePicture, { service, instance }: InstanceTarget): void {
  const known = services.find(({ name }) => name === service);
  const isKnown = [...(known?.instances ?? []), ...(known?.departed ?? [])].some(({ id }) => id === instance);
  if (isKnown || registryReadAtMs === 0) return;
  const detail =
    known === undefined ? `No service ${service} is registered.` : `${service} has no instance ${instance}.`;
  throw new MeshError("INVALID_INPUT", { detail, field: "target.instance" });
}

async function refuseUnconfirmed(deps: ForceDeps, draft: OverrideDraft): Promise<void> {
  const { requestsPerSecond } = reachOf(deps.live.current(), draft);
  const isLast = await takesOutLast(deps, draft);
  if (!needsConfirmation(requestsPerSecond, deps.forceConfirmRps, isLast)) return;
  const detail = isLast
    ? `It is the last instance of ${draft.target.service} that serves.`
    : `It affects ${requestsPerSecond.toFixed(1)} requests per second.`;
  throw new MeshError("CONFIRMATION_NEEDED", { detail, field: "confirmed" });
}

async function takesOutLast(deps: ForceDeps, { target, mode, scope }: OverrideDraft): Promise<boolean> {
  if (target.kind !== "instance" || mode !== "forced-open") return false;
  const service = deps.live.current().services.find(({ name }) => name === target.service);
  if (service === undefined) return false;
  const { row } = await deps.database.read((db) => findPolicy(db, "services", target.service));
  return othersServing(service, row?.spec.instances ?? {}, { ...target, scope }, nowMs(deps)).length === 0;
}

function summaryOf(draft: OverrideDraft): string {
  const { target, scope, durationMs, reason } = draft;
  const until = durationMs === null ? "until lifted" : `for ${askedTimeInWords(durationMs)}`;
  return `${modeInWords(draft)}: ${targetInWords(target)} on ${scopeInWords(scope)}, ${until}: ${reason}`;
}
