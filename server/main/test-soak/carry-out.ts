import { createRoute } from "#control/create-route.ts";
import type { ControlDeps } from "#control/edit.ts";
import { forceBreaker } from "#control/force-breaker.ts";
import { liftOverride } from "#control/lift-override.ts";
import { removeRoute } from "#control/remove-route.ts";
import { updateRoute } from "#control/update-route.ts";
import type { Actor } from "#domain/audit.ts";
import { OverrideDraft } from "#domain/override.ts";
import { testPicture } from "#domain/test-picture.ts";
import type { SoakEdit } from "./messages.ts";

/** Who makes the soak's edits, as the audit log has it. */
export const EDITOR: Actor = { kind: "person", id: "soak", name: "Soak" };

/** What an edit was answered with; `version` is null where the object is gone. */
export interface Made {
  readonly revision: number;
  readonly version: number | null;
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
