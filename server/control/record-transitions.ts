import { appendAudit } from "#db/audit-repository.ts";
import { lockMesh } from "#db/mesh-repository.ts";
import { advanceTransitionCursor } from "#db/transition-cursor-repository.ts";
import { breakerTargetId } from "#domain/breaker-policy.ts";
import { targetInWords } from "#domain/override.ts";
import type { TrafficWindow } from "#domain/traffic.ts";
import { nowMs, type ControlDeps } from "./edit.ts";

/**
 * Puts a window's automatic breaker transitions on record, once: a window that was recorded before, by this console or
 * another, is left alone. Windows of a gateway's run must come in order. `aheadMs` is what to add to the gateway's clock to have
 * the console's.
 * @throws MeshError DATABASE_DOWN.
 */
export async function recordTransitions(
  deps: ControlDeps,
  window: Pick<TrafficWindow, "gatewayId" | "run" | "sequence" | "transitions">,
  aheadMs = 0,
): Promise<void> {
  const { gatewayId, transitions } = window;
  const atMs = nowMs(deps);
  await deps.database.transaction(async (tx) => {
    await lockMesh(tx);
    if (!(await advanceTransitionCursor(tx, window, new Date(atMs)))) return;
    for (const transition of transitions) {
      const target = breakerTargetId(transition.target);
      await appendAudit(tx, {
        atMs,
        actor: { kind: "gateway", id: gatewayId, name: gatewayId },
        action: "breaker.transition",
        target: `breakers/${target}`,
        summary: `${targetInWords(transition.target)} went from ${transition.from} to ${transition.to}: ${transition.cause}`,
        before: { state: transition.from },
        after: {
          state: transition.to,
          percent: transition.percent,
          cause: transition.cause,
          atMs: transition.atMs + aheadMs,
        },
        revision: null,
      });
    }
  });
}
