import { addAcknowledgements, type SeenAcknowledgement } from "#db/delivery-repository.ts";
import { noteGatewaysAhead, readMesh } from "#db/mesh-repository.ts";
import { saveReport } from "#db/publisher-report-repository.ts";
import { MeshError } from "#domain/errors.ts";
import type { Acknowledgement } from "#domain/gateway-info.ts";
import type { PublisherReport } from "#domain/publishing.ts";
import type { Part } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import { nowMs, type ControlDeps } from "./edit.ts";

export interface PublishingRecorderOptions {
  readonly isLeader: () => boolean;
  /** Of the database; empty while it is not known. */
  readonly incarnation: () => string;
  readonly log: Log;
}

/** Puts on record, for all consoles, what the one that publishes says of itself and when gateways applied what. */
export interface PublishingRecorder extends Part {
  /** What the publisher says of itself now. */
  report(report: PublisherReport): void;
  /** What gateways acknowledge now. Every console looks; the leader writes, and a new leader knows when it was. */
  observe(acknowledgements: readonly Acknowledgement[]): void;
  /** Writes what waits, now; resolves when that has been tried. */
  work(): Promise<void>;
}

const EVERY_MS = 1000;
/** What no leader has written by then is forgotten by the consoles that follow. */
const KEEP_MS = 600_000;
const KEEP_SEEN = 10_000;

/** Starts recording; what cannot be written now is tried again every second. */
export function recordPublishing(deps: ControlDeps, options: PublishingRecorderOptions): PublishingRecorder {
  const { isLeader, incarnation, log } = options;
  const known = new Map<string, number>();
  let latest: readonly Acknowledgement[] = [];
  let seen: SeenAcknowledgement[] = [];
  let unsaved: PublisherReport | null = null;
  let working: Promise<void> | undefined;

  function note(): void {
    const own = incarnation();
    // Gateways come and go for ever; of one that comes back, the row it has stays as it is.
    const present = new Set(latest.map(({ gatewayId }) => gatewayId));
    for (const gatewayId of known.keys()) if (!present.has(gatewayId)) known.delete(gatewayId);
    for (const { gatewayId, revision, incarnation: of } of latest) {
      const isNews = of === own && own !== "" && revision > 0 && known.get(gatewayId) !== revision;
      if (!isNews) continue;
      known.set(gatewayId, revision);
      seen.push({ gatewayId, revision, atMs: nowMs(deps) });
    }
  }

  async function write(): Promise<void> {
    // Whose they are may not have been known when they came.
    note();
    const sinceMs = nowMs(deps) - KEEP_MS;
    if (!isLeader()) {
      unsaved = null;
      seen = seen.filter(({ atMs }) => atMs >= sinceMs).slice(-KEEP_SEEN);
      return;
    }
    // A copy: more is seen while these are being written.
    const [report, acknowledgements] = [unsaved, [...seen]];
    if (report !== null) {
      const { halt } = report;
      await deps.database.read(async (db) => {
        if (halt?.kind === "gateways") await noteGatewaysAhead(db, halt.mesh.incarnation, halt.mesh.revision);
        await saveReport(db, report);
      });
      if (unsaved === report) unsaved = null;
    }
    if (acknowledgements.length > 0) {
      await deps.database.read(async (db) => {
        // A database restored from a backup meets gateways that are ahead of it: what they applied was never saved here.
        const own = await readMesh(db);
        await addAcknowledgements(
          db,
          acknowledgements.filter(({ revision }) => revision <= own.revision),
        );
      });
      seen = seen.filter((one) => !acknowledgements.includes(one));
    }
  }

  function work(): Promise<void> {
    working ??= write()
      .catch((error: unknown) => {
        // The link's status says so already.
        if (!(error instanceof MeshError && error.code === "DATABASE_DOWN"))
          log.error({ err: error }, "cannot record publishing");
      })
      .finally(() => (working = undefined));
    return working;
  }

  const timer = setInterval(() => void work(), EVERY_MS).unref();
  return {
    name: "publishing recorder",
    report(report) {
      unsaved = report;
      void work();
    },
    observe(acknowledgements) {
      latest = acknowledgements;
      note();
      void work();
    },
    work,
    async stop() {
      clearInterval(timer);
      await working;
    },
  };
}
