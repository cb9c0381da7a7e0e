import { saveDecision } from "#db/mesh-repository.ts";
import type { Actor } from "#domain/audit.ts";
import { locked, type ControlDeps } from "./edit.ts";

/**
 * Asks the console that publishes, whichever it is, to compare everything with ZooKeeper now. It notices within a
 * second or so; the report of its pass says when it was done.
 * @throws MeshError DATABASE_DOWN.
 */
export async function checkNow(deps: ControlDeps, actor: Actor): Promise<{ asked: true }> {
  const result = await locked(deps, actor, async ({ tx }) => {
    await saveDecision(tx);
    return { asked: true } as const;
  });
  deps.onDecision?.();
  return result;
}
