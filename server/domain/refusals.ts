import type { RefusedDocument } from "./gateway-info.ts";

/** What gateways refuse, by why: because of what is published, or because somebody else changed a node since. */
export interface Refusals {
  readonly published: readonly RefusedDocument[];
  readonly drifted: readonly RefusedDocument[];
}

/**
 * A node that somebody else changed is refused by every gateway that reads it, and so is the head, which it does not fit
 * any more. Neither says anything about what was published: that stays in force.
 */
export function splitRefusals(refused: readonly RefusedDocument[], driftedKeys: ReadonlySet<string>): Refusals {
  const isDrifted = ({ key }: RefusedDocument): boolean =>
    driftedKeys.has(key) || (key === "head" && driftedKeys.size > 0);
  return {
    published: refused.filter((document) => !isDrifted(document)),
    drifted: refused.filter(isDrifted),
  };
}
