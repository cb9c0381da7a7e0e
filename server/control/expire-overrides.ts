import { findPolicy } from "#db/policy-repository.ts";
import type { Actor } from "#domain/audit.ts";
import { hasExpired, scopeInWords, targetInWords } from "#domain/override.ts";
import { failpoint } from "#platform/failpoint.ts";
import { edit, nowMs, type ControlDeps } from "./edit.ts";
import { listOverrides } from "./list-overrides.ts";
import { buryPolicy } from "./put-policy.ts";

const CLOCKWORK: Actor = { kind: "system", id: "override-expiry", name: "Meshkeeper" };

/**
 * Buries the overrides whose time is up, each in an edit of its own. Gateways have ended them by their own clocks already;
 * this takes them out of the lists and puts their end on record.
 * @returns how many it buried.
 * @throws MeshError DATABASE_DOWN.
 */
export async function expireOverrides(deps: ControlDeps): Promise<number> {
  const now = nowMs(deps);
  const due = (await listOverrides(deps)).filter(({ spec }) => hasExpired(spec, now));
  for (const { id } of due) {
    failpoint("override.due");
    await expire(deps, id);
    failpoint("override.expired");
  }
  return due.length;
}

async function expire(deps: ControlDeps, id: string): Promise<void> {
  await edit(deps, CLOCKWORK, async (step) => {
    const found = await findPolicy(step.tx, "overrides", id);
    const spec = found.row?.spec;
    // Lifted or renewed between the list and the lock; only an edit may count a revision, so this one is given up.
    if (spec === undefined || !hasExpired(spec, step.atMs)) throw new NothingToExpire();
    buryPolicy(step, {
      kind: "overrides",
      id,
      found,
      action: "override.expire",
      summary: `Time is up, back to automatic: ${targetInWords(spec.target)} on ${scopeInWords(spec.scope)}`,
    });
  }).catch((error: unknown) => {
    if (!(error instanceof NothingToExpire)) throw error;
  });
}

class NothingToExpire extends Error {}
