import { createHash } from "node:crypto";
import { z } from "zod";
import { createRoute } from "#control/create-route.ts";
import type { ControlDeps } from "#control/edit.ts";
import { findGivenAnswer } from "#control/find-given-answer.ts";
import { forceBreaker } from "#control/force-breaker.ts";
import { liftOverride } from "#control/lift-override.ts";
import { removeRoute } from "#control/remove-route.ts";
import { updateRoute } from "#control/update-route.ts";
import type { Actor } from "#domain/audit.ts";
import { canonicalJson } from "#domain/canonical-json.ts";
import { OverrideDraft } from "#domain/override.ts";
import { testPicture } from "#domain/test-picture.ts";
import type { SoakEdit } from "./messages.ts";

/** Who makes the soak's edits, as the audit log has it. */
export const EDITOR: Actor = { kind: "person", id: "soak", name: "Soak" };

const GivenAnswer = z.object({ revision: z.int(), version: z.int().nullable().default(null) });

/** What an edit was answered with; `version` is null where the object is gone. */
export interface Made {
  readonly revision: number;
  readonly version: number | null;
}

/**
 * Makes an edit once, however often it is asked for with the same key, as the API does for a request that names itself.
 * @throws MeshError as `carryOut` does.
 */
export async function carryOutOnce(deps: ControlDeps, edit: SoakEdit, key: string): Promise<Made> {
  const asked = { key, fingerprint: createHash("sha256").update(canonicalJson(edit)).digest("hex") };
  try {
    return await carryOut({ ...deps, asked }, edit);
  } catch (error) {
    const given = await findGivenAnswer(deps, EDITOR, asked).catch(() => null);
    if (given === null) throw error;
    return GivenAnswer.parse(given.result);
  }
}

/** Makes an edit by the use-case that the API would call. @throws MeshError as that does. */
export async function carryOut(deps: ControlDeps, asked: SoakEdit): Promise<Made> {
  switch (asked.kind) {
    case "save-route": {
      const { id, expectedVersion, spec } = asked;
      return expectedVersion === null
        ? createRoute(deps, { id, spec }, EDITOR)
        : updateRoute(deps, { id, expectedVersion, spec }, EDITOR);
    }
    case "remove-route":
      return {
        ...(await removeRoute(deps, { id: asked.id, expectedVersion: asked.expectedVersion }, EDITOR)),
        version: null,
      };
    case "force": {
      const target = { kind: "service", service: asked.service };
      const draft = OverrideDraft.parse({ ...asked, target, mode: "forced-open", confirmed: true });
      return forceBreaker({ ...deps, live: { current: () => testPicture() }, forceConfirmRps: 0 }, draft, EDITOR);
    }
    case "lift":
      return { ...(await liftOverride(deps, { id: asked.id }, EDITOR)), version: null };
  }
}
