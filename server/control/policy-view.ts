import { readMesh } from "#db/mesh-repository.ts";
import type { BreakerPolicySpec } from "#domain/breaker-policy.ts";
import { MeshError } from "#domain/errors.ts";
import type { PolicyRow } from "#domain/policy.ts";
import type { RouteSpec } from "#domain/route.ts";
import type { Part } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import type { ControlDeps } from "./edit.ts";
import { listBreakerPolicies } from "./list-breaker-policies.ts";
import { listRoutes } from "./list-routes.ts";

/** Policy as last read from the database; goes on showing that while the database is away. */
export interface PolicyPicture {
  readonly incarnation: string;
  readonly revision: number;
  readonly routes: readonly PolicyRow<RouteSpec>[];
  readonly breakerPolicies: readonly PolicyRow<BreakerPolicySpec>[];
}

export interface PolicyView extends Part {
  current(): PolicyPicture;
  /** Looks at once, after an edit. */
  refresh(): void;
}

/** Other consoles edit too, so it looks every second; it is also what notices that the database went away. */
const EVERY_MS = 1000;

/** Keeps the console's own picture of policy up to date; `onRevision` hears of every edit, whichever process made it. */
export function watchPolicy(deps: ControlDeps, log: Log, onRevision: () => void): PolicyView {
  let picture: PolicyPicture = { incarnation: "", revision: 0, routes: [], breakerPolicies: [] };
  let looking: Promise<void> | undefined;

  async function look(): Promise<void> {
    const { incarnation, revision } = await deps.database.read(readMesh);
    if (incarnation === picture.incarnation && revision === picture.revision) return;
    const [routes, breakerPolicies] = await Promise.all([listRoutes(deps), listBreakerPolicies(deps)]);
    picture = { incarnation, revision, routes, breakerPolicies };
    onRevision();
  }

  function refresh(): void {
    looking ??= look()
      .catch((error: unknown) => {
        // The link's status says so already.
        if (!(error instanceof MeshError && error.code === "DATABASE_DOWN"))
          log.error({ err: error }, "cannot read policy");
      })
      .finally(() => (looking = undefined));
  }

  const timer = setInterval(refresh, EVERY_MS).unref();
  refresh();
  return {
    name: "policy view",
    current: () => picture,
    refresh,
    async stop() {
      clearInterval(timer);
      await looking;
    },
  };
}
