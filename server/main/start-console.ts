import { join } from "node:path";
import type { Duplex } from "node:stream";
import { recordBreakerCalls } from "#control/call-recorder.ts";
import { watchHealth } from "#control/health-view.ts";
import { recordPresenceHistory } from "#control/record-presence-history.ts";
import { recordSignIn } from "#control/record-sign-in.ts";
import { Simulations } from "#control/simulations.ts";
import { recordTrafficHistory } from "#control/traffic-recorder.ts";
import { openTrafficHistory } from "#control/open-traffic-history.ts";
import { openDatabase } from "#db/client.ts";
import { openTrafficStore } from "#db/traffic-store.ts";
import { loadConsoleSecret } from "#identity/console-secret.ts";
import { openIdentity } from "#identity/identity.ts";
import { systemClock } from "#platform/clock.ts";
import type { ConsoleEnv } from "#platform/env.ts";
import type { Lifecycle } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import { collectTelemetry } from "#telemetry/collector.ts";
import { Departures } from "#telemetry/departures.ts";
import { FleetBreakers } from "#telemetry/fleet-breakers.ts";
import { FleetOutlooks } from "#telemetry/fleet-outlooks.ts";
import { ingestHystrix } from "#telemetry/hystrix-ingest.ts";
import { takePicture } from "#telemetry/live-picture.ts";
import { openLive } from "#telemetry/live.ts";
import { ServicePeaks } from "#telemetry/service-peaks.ts";
import { TURBINE_ROOT } from "#zookeeper/gateway-presence.ts";
import { watchRegistry } from "#zookeeper/registry.ts";
import { allowedOrigins, consoleUrl } from "./allowed-origins.ts";
import { composePublishing } from "./compose-publishing.ts";
import { consoleHttp } from "./console-http.ts";
import { openConsoleMetrics } from "./console-metrics.ts";
import { dubboRoot } from "./dubbo-root.ts";
import { firstLink } from "./first-link.ts";
import { listen } from "./listen.ts";
import { preparePages } from "./pages.ts";
import { streamRules } from "./stream-rules.ts";
import { syncStatus } from "./sync-status.ts";
import { prepareDatabase } from "./prepare-database.ts";
import packageJson from "../../package.json" with { type: "json" };

export interface StartedConsole {
  readonly port: number;
  readonly url: string;
  /** One-time link for the first administrator; absent when there is one, or the database did not answer in time. */
  readonly signInLink?: string;
}

/**
 * Starts a console: everything it is made of, in this order, each part stopped in reverse by `lifecycle`. Neither
 * PostgreSQL nor ZooKeeper needs to be there.
 * @throws SettingsError when the port cannot be had; Error when the pages were not built.
 */
export async function startConsole(
  env: ConsoleEnv,
  development: boolean,
  lifecycle: Lifecycle,
  log: Log,
): Promise<StartedConsole> {
  const http = await lifecycle.start(() => listen(env.CONSOLE_HOST, env.CONSOLE_PORT));
  const address = { host: env.CONSOLE_HOST, port: http.port, url: env.CONSOLE_URL };
  const url = consoleUrl(address);
  const origins = allowedOrigins(address);

  const database = await lifecycle.start(() => openDatabase({ url: env.DATABASE_URL, log }));
  const preparation = await lifecycle.start(() => prepareDatabase(env.DATABASE_URL, log));
  const { deps, zk, election, accessLists, isLeader, mayRecord, directory, publisher, view, anchor, chores } =
    await composePublishing(
      {
        database,
        zookeeper: {
          servers: env.ZOOKEEPER,
          auth: env.ZOOKEEPER_AUTH,
          previousAuth: env.ZOOKEEPER_AUTH_PREVIOUS,
          peers: env.ZOOKEEPER_PEERS,
        },
        registries: [env.SERVICES_ROOT, TURBINE_ROOT],
        driftDays: env.DRIFT_HISTORY_DAYS,
        root: env.ZOOKEEPER_ROOT,
        consoleId: env.CONSOLE_ID,
        log,
        onHealthSaved: () => health.refresh(),
      },
      lifecycle,
    );
  const health = await lifecycle.start(() => watchHealth(deps, log));
  const registry = await lifecycle.start(() =>
    watchRegistry(zk, { root: env.SERVICES_ROOT, dubbo: dubboRoot(env, { consumers: true }), log }),
  );
  const departures = new Departures();
  registry.onPicture((picture) => departures.observe(picture, Date.now()));
  const hystrix = await lifecycle.start(() =>
    ingestHystrix({ rules: streamRules(env, http.port), clock: systemClock, log }),
  );
  registry.onPicture((picture) => hystrix.follow(picture));

  const recorder = await lifecycle.start(() =>
    recordBreakerCalls(deps, { isLeader, hours: env.BREAKER_HISTORY_HOURS, log }),
  );
  const trafficStore = await lifecycle.start(() => openTrafficStore({ url: env.DATABASE_URL, log }));
  const traffic = await lifecycle.start(() =>
    recordTrafficHistory({
      store: trafficStore,
      consoleId: env.CONSOLE_ID,
      isLeader: mayRecord,
      limitBytes: env.TRAFFIC_HISTORY_MB * 1024 * 1024,
      log,
    }),
  );
  const peaks = new ServicePeaks(systemClock);
  const collector = await lifecycle.start(() =>
    collectTelemetry({
      directory,
      onWindow: (window, endedAtMs) => {
        chores.take(window, endedAtMs);
        recorder.take(window, endedAtMs);
        traffic.take(window, endedAtMs);
        peaks.take(window, endedAtMs());
      },
      clock: systemClock,
      log,
    }),
  );
  await lifecycle.start(() =>
    recordPresenceHistory({
      store: trafficStore,
      isLeader,
      log,
      registry: () => registry.current(),
      gateways: () => collector.statuses(),
    }),
  );
  const sync = () => syncStatus({ view, publisher, election });
  const links = () => ({
    zookeeper: { ...zk.status(), access: zk.access, accessLists: accessLists.current() },
    database: database.status(),
  });
  const fleet = new FleetBreakers();
  const outlooks = new FleetOutlooks(peaks);
  const live = await lifecycle.start(() =>
    openLive(() =>
      takePicture(
        {
          consoleId: env.CONSOLE_ID,
          collector,
          fleet,
          outlooks,
          registry: () => registry.current(),
          departures,
          hystrix,
          routes: () => view.current().routes,
          breakerPolicies: () => view.current().breakerPolicies,
          health: () => health.current(),
          sync,
          links,
        },
        Date.now(),
      ),
    ),
  );

  const { version } = packageJson;
  const metrics = openConsoleMetrics({ collector, live, sync, links, isLeader, version });
  const secret = env.CONSOLE_SECRET ?? (await loadConsoleSecret(env.DATA_DIR));
  const identity = openIdentity({
    client: database.client,
    secret,
    baseUrl: url,
    trustedOrigins: origins,
    onSignIn: (person) => recordSignIn(deps, person),
    log,
  });

  const dir = join(import.meta.dirname, "../..");
  const pages = await lifecycle.start(() =>
    preparePages({ dir, development, hostname: env.CONSOLE_HOST, port: http.port }),
  );
  const missing = () => databaseProblem(preparation.problem() || database.status().problem);
  const degraded = () => [{ what: "zookeeper", problem: zk.status().problem }].filter(({ problem }) => problem !== "");
  const answer = consoleHttp({
    deps: {
      ...deps,
      live,
      history: openTrafficHistory({ store: trafficStore, recorder: traffic, health: () => health.current().spec }),
      publisher,
      anchor,
      recorder,
      simulations: new Simulations(),
      forceConfirmRps: env.FORCE_CONFIRM_RPS,
    },
    identity,
    pages,
    url,
    origins,
    missing,
    degraded,
    metrics: { render: () => metrics.metrics(), token: env.METRICS_TOKEN },
    log,
  });
  http.serve((request, response) => void answer(request, response));
  // Next listens for its own development socket. In production nobody upgrades, and Next would leave such a connection open.
  if (!development) http.server.on("upgrade", (_request, socket) => endUpgrade(socket));

  const signInLink = await firstLink(deps, preparation.done, url, log);
  return { port: http.port, url, ...(signInLink !== undefined && { signInLink }) };
}

function endUpgrade(socket: Duplex): void {
  // The server's own listener is gone by now, and a reset that nobody hears ends the process.
  socket.on("error", () => undefined);
  socket.destroy();
}

function databaseProblem(problem: string): { what: string; problem: string }[] {
  return problem === "" ? [] : [{ what: "database", problem }];
}
