import { countStandingFindings } from "#db/drift-repository.ts";
import { readMesh } from "#db/mesh-repository.ts";
import { readReport } from "#db/publisher-report-repository.ts";
import type { BreakerPolicySpec } from "#domain/breaker-policy.ts";
import type { DriftMode } from "#domain/drift.ts";
import { MeshError } from "#domain/errors.ts";
import type { PolicyRow } from "#domain/policy.ts";
import type { Propagation, PublisherReport } from "#domain/publishing.ts";
import type { RouteSpec } from "#domain/route.ts";
import type { Part } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import { nowMs, type ControlDeps } from "./edit.ts";
import { listBreakerPolicies } from "./list-breaker-policies.ts";
import { readPropagation } from "./list-deliveries.ts";
import { listRoutes } from "./list-routes.ts";

/** Policy as last read from the database; goes on showing that while the database is away. */
export interface PolicyPicture {
  readonly incarnation: string;
  readonly revision: number;
  readonly decisions: number;
  readonly routes: readonly PolicyRow<RouteSpec>[];
  readonly breakerPolicies: readonly PolicyRow<BreakerPolicySpec>[];
}

/** How publishing goes, by the record all consoles share. */
export interface PublishingPicture {
  readonly driftMode: DriftMode;
  /** Findings that wait for a person. */
  readonly openDrift: number;
  readonly ignoredDrift: number;
  /** What the console that publishes said of itself last; null before the first time. */
  readonly report: PublisherReport | null;
  readonly propagation: Propagation;
}

export interface PolicyView extends Part {
  current(): PolicyPicture;
  publishing(): PublishingPicture;
  /** Looks at once, after an edit. */
  refresh(): void;
}

export interface PolicyViewOptions {
  readonly log: Log;
  /** Hears of every edit, whichever process made it. */
  readonly onRevision: () => void;
  /** Hears of every decision about drift or another database's policy, and when somebody wants everything compared. */
  readonly onDecision: () => void;
}

/** Other consoles edit too, so it looks every second; it is also what notices that the database went away. */
const EVERY_MS = 1000;
/** Propagation is an average over hundreds of edits. */
const PROPAGATION_EVERY_MS = 5000;

/** Keeps the console's own picture of policy, and of how publishing goes, up to date. */
export function watchPolicy(deps: ControlDeps, options: PolicyViewOptions): PolicyView {
  const { log, onRevision, onDecision } = options;
  let picture: PolicyPicture = { incarnation: "", revision: 0, decisions: 0, routes: [], breakerPolicies: [] };
  let publishing: PublishingPicture = {
    driftMode: "repair",
    openDrift: 0,
    ignoredDrift: 0,
    report: null,
    propagation: { edits: 0, published: null, applied: null },
  };
  let propagationAtMs = 0;
  let looking: Promise<void> | undefined;
  let isAskedAgain = false;
  let stopped = false;

  async function look(): Promise<void> {
    const { incarnation, revision, decisions, driftMode } = await deps.database.read(readMesh);
    if (incarnation !== picture.incarnation || revision !== picture.revision) {
      const [routes, breakerPolicies] = await Promise.all([listRoutes(deps), listBreakerPolicies(deps)]);
      picture = { ...picture, incarnation, revision, routes, breakerPolicies };
      onRevision();
    }
    if (decisions !== picture.decisions) {
      picture = { ...picture, decisions };
      onDecision();
    }
    const [drift, report] = await deps.database.read((db) => Promise.all([countStandingFindings(db), readReport(db)]));
    publishing = {
      driftMode,
      openDrift: drift.open,
      ignoredDrift: drift.ignored,
      report,
      propagation: await propagation(),
    };
  }

  async function propagation(): Promise<Propagation> {
    if (nowMs(deps) < propagationAtMs) return publishing.propagation;
    const news = await readPropagation(deps);
    propagationAtMs = nowMs(deps) + PROPAGATION_EVERY_MS;
    return news;
  }

  function refresh(): void {
    // What is being read may be from before what there is to see.
    isAskedAgain ||= looking !== undefined;
    start();
  }

  function start(): void {
    looking ??= look()
      .catch((error: unknown) => {
        // The link's status says so already.
        if (!(error instanceof MeshError && error.code === "DATABASE_DOWN"))
          log.error({ err: error }, "cannot read policy");
      })
      .finally(() => {
        looking = undefined;
        const isDue = isAskedAgain && !stopped;
        isAskedAgain = false;
        if (isDue) start();
      });
  }

  const timer = setInterval(start, EVERY_MS).unref();
  refresh();
  return {
    name: "policy view",
    current: () => picture,
    publishing: () => publishing,
    refresh,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await looking;
    },
  };
}
