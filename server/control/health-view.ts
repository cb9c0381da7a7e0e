import { DEFAULT_HEALTH_ROW, type HealthPolicyRow } from "#domain/health-policy.ts";
import { MeshError } from "#domain/errors.ts";
import type { Part } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import type { ControlDeps } from "./edit.ts";
import { getHealthPolicy } from "./get-health-policy.ts";

export interface HealthView extends Part {
  /** How health is judged, as last read; goes on being that while the database is away. */
  current(): HealthPolicyRow;
  /** Looks at once, after an edit. */
  refresh(): void;
}

/** Other consoles save it too. */
const EVERY_MS = 2000;

/** Keeps this console's idea of the thresholds of health up to date. */
export function watchHealth(deps: ControlDeps, log: Log, everyMs: number = EVERY_MS): HealthView {
  let row = DEFAULT_HEALTH_ROW;
  let looking: Promise<void> | undefined;
  let again = false;

  async function look(): Promise<void> {
    const found = await getHealthPolicy(deps);
    // Made anew only when it is another: what is computed from it stays.
    if (found.version !== row.version || found.updatedAtMs !== row.updatedAtMs) row = found;
  }

  function refresh(): void {
    if (looking !== undefined) {
      // What is being read may be from before the edit.
      again = true;
      return;
    }
    looking = look()
      .catch((error: unknown) => {
        // The link's status says so already.
        if (!(error instanceof MeshError && error.code === "DATABASE_DOWN"))
          log.error({ err: error }, "cannot read the thresholds of health");
      })
      .finally(() => {
        looking = undefined;
        const missed = again;
        again = false;
        if (missed) refresh();
      });
  }

  const timer = setInterval(refresh, everyMs).unref();
  refresh();
  return {
    name: "health view",
    current: () => row,
    refresh,
    async stop() {
      clearInterval(timer);
      await looking;
    },
  };
}
