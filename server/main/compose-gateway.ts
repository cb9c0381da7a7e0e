import { hostname } from "node:os";
import { resolve } from "node:path";
import { EMPTY_SNAPSHOT } from "#domain/snapshot.ts";
import { ListenFailure } from "#gateway/http-listener.ts";
import { readLastGood, stateFiles } from "#gateway/last-good.ts";
import { startGateway, type Gateway } from "#gateway/start-gateway.ts";
import { startWorkers } from "#gateway/workers/start-workers.ts";
import { CertificateFailure } from "#gateway/tls/certificate-store.ts";
import { pause } from "#platform/backoff.ts";
import { SettingsError, type GatewayEnv } from "#platform/env.ts";
import type { Lifecycle, Part } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import { acknowledge, announceGateway, registerForTurbine } from "#zookeeper/gateway-presence.ts";
import { followPolicy } from "#zookeeper/policy-follower.ts";
import { watchRegistry } from "#zookeeper/registry.ts";
import { openZooKeeper, type ZooKeeper } from "#zookeeper/session.ts";
import { dubboRoot } from "./dubbo-root.ts";
import { addressRules, trafficOptions, upstreamAuthorities } from "./gateway-options.ts";
import { forkWorker } from "./worker-process.ts";
import packageJson from "../../package.json" with { type: "json" };

/** How long leaving ZooKeeper may take, ms; its nodes are ephemeral and go by themselves after that. */
const WITHDRAW_MS = 2000;

/**
 * Puts a gateway together with ZooKeeper. It starts, and serves by what is on its disk, also when ZooKeeper is away.
 * @throws SettingsError naming the variable when a port cannot be had, or a file not be used.
 */
export async function composeGateway(env: GatewayEnv, lifecycle: Lifecycle, log: Log): Promise<Gateway> {
  const dataDir = resolve(env.DATA_DIR);
  const traffic = trafficOptions(env);
  const authorities = upstreamAuthorities(env);
  const lastGood = await readLastGood(stateFiles(dataDir, env.GATEWAY_ID), log);
  const zk = await lifecycle.start(() =>
    openZooKeeper({
      servers: env.ZOOKEEPER,
      auth: env.ZOOKEEPER_AUTH,
      previousAuth: env.ZOOKEEPER_AUTH_PREVIOUS,
      peers: env.ZOOKEEPER_PEERS,
      role: "member",
      log,
    }),
  );
  const policy = await lifecycle.start(() =>
    followPolicy(zk, {
      root: env.ZOOKEEPER_ROOT,
      initial: lastGood?.policy ?? EMPTY_SNAPSHOT,
      initiallyRefused: lastGood?.refused ?? [],
      log,
    }),
  );
  const registry = await lifecycle.start(() =>
    watchRegistry(zk, {
      root: env.SERVICES_ROOT,
      dubbo: dubboRoot(env, { consumers: false }),
      remembered: lastGood?.registry?.services ?? [],
      log,
    }),
  );
  // Before the gateway, so that it is withdrawn after the drain: a gateway that still serves is still there.
  const presence = await lifecycle.start(() => openPresence(zk, env, log));
  const own = {
    id: env.GATEWAY_ID,
    admin: { host: env.GATEWAY_ADMIN_HOST, port: env.GATEWAY_ADMIN_PORT },
    zone: env.GATEWAY_ZONE,
    dataDir,
    policy,
    registry,
    lastGood,
    session: () => zk.status().session,
    version: packageJson.version,
    log,
  };
  const start = (): Promise<Gateway> =>
    env.GATEWAY_WORKERS > 1
      ? startWorkers({ ...own, workers: env.GATEWAY_WORKERS, fork: forkWorker, drainMs: env.GATEWAY_DRAIN_MS })
      : startGateway({ ...own, ...traffic, rules: addressRules(env), authorities });
  const gateway = await lifecycle.start(() =>
    start().catch((error: unknown) => {
      if (error instanceof ListenFailure) throw new SettingsError([problemOf(error)]);
      if (error instanceof CertificateFailure) throw new SettingsError([`GATEWAY_TLS_…: ${error.message}.`]);
      throw error;
    }),
  );
  presence.announce(gateway);
  return gateway;
}

interface Presence extends Part {
  announce(gateway: Gateway): void;
}

/** Says in ZooKeeper that this gateway is there, and what it has applied. */
function openPresence(zk: ZooKeeper, env: GatewayEnv, log: Log): Presence {
  const acknowledgement = acknowledge(zk, env.ZOOKEEPER_ROOT, env.GATEWAY_ID);
  const announced: { withdraw(): Promise<void> }[] = [];
  return {
    name: "presence",
    announce(gateway) {
      const registration = {
        id: env.GATEWAY_ID,
        adminUrl: env.GATEWAY_ADMIN_URL ?? urlOf(env.GATEWAY_ADMIN_HOST, gateway.adminPort),
        edgeUrl: urlOf(env.GATEWAY_HOST, gateway.edgePort),
        version: packageJson.version,
        startedAtMs: Date.now(),
      };
      announced.push(announceGateway(zk, env.ZOOKEEPER_ROOT, registration));
      if (env.GATEWAY_TURBINE_CLUSTER !== undefined)
        announced.push(registerForTurbine(zk, env.GATEWAY_TURBINE_CLUSTER, registration));
      gateway.onApplied(({ policy, refused, atMs }) => {
        const { incarnation, revision, root } = policy;
        acknowledgement.update({
          gatewayId: env.GATEWAY_ID,
          incarnation,
          revision,
          root,
          refused: [...refused],
          appliedAtMs: atMs,
        });
      });
    },
    async stop() {
      const left = Promise.all([...announced, acknowledgement].map((node) => node.withdraw()));
      await Promise.race([
        left.catch((error: unknown) => log.warn({ err: error }, "could not leave ZooKeeper in order")),
        pause(WITHDRAW_MS),
      ]);
    },
  };
}

/** Others cannot reach a wildcard address: they are told the machine's name. */
function urlOf(host: string, port: number): string {
  const reachable = host === "0.0.0.0" || host === "::" ? hostname() : host;
  return `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`;
}

/** By the first word of a listener's name. */
const VARIABLES: Readonly<Record<string, string>> = {
  admin: "GATEWAY_ADMIN_PORT",
  egress: "GATEWAY_EGRESS",
  tls: "GATEWAY_TLS_PORT",
};

function problemOf({ listener, port, code, message }: ListenFailure): string {
  const [kind] = listener.split(" ");
  const variable = VARIABLES[kind ?? ""] ?? "GATEWAY_PORT";
  if (code === "EADDRINUSE")
    return `${variable}: ${message}; stop what listens there, or choose another port than ${port}.`;
  if (code === "EACCES") return `${variable}: this user may not listen on port ${port}; choose one above 1023.`;
  return `${variable}: ${message}.`;
}
