import { appendAudit } from "#db/audit-repository.ts";
import { nameForDatabase, textForDatabase } from "#db/database-text.ts";
import { lockMesh } from "#db/mesh-repository.ts";
import { advanceTransitionCursor } from "#db/transition-cursor-repository.ts";
import { breakerTargetId } from "#domain/breaker-policy.ts";
import { targetInWords } from "#domain/override.ts";
import type { BreakerTransition, TrafficWindow } from "#domain/traffic.ts";
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
  const { run, sequence } = window;
  const gatewayId = nameForDatabase(window.gatewayId);
  const cursor = { gatewayId, run: nameForDatabase(run), sequence };
  const transitions = window.transitions.map(forDatabase);
  const atMs = nowMs(deps);
  await deps.database.transaction(async (tx) => {
    await lockMesh(tx);
    if (!(await advanceTransitionCursor(tx, cursor, new Date(atMs)))) return;
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

/** Names and words of a gateway's, as the database takes them, in columns, indexes and JSON that is read by SQL. */
function forDatabase({ target, cause, ...transition }: BreakerTransition): BreakerTransition {
  const service = nameForDatabase(target.service);
  return {
    ...transition,
    target:
      target.kind === "service"
        ? { ...target, service }
        : { ...target, service, routeId: nameForDatabase(target.routeId) },
    cause: textForDatabase(cause),
  };
}
