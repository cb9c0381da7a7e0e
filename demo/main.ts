import { resolve } from "node:path";
import { readEnv } from "#platform/env.ts";
import { Lifecycle } from "#platform/lifecycle.ts";
import { openLog } from "#platform/log.ts";
import { openZooKeeper } from "#zookeeper/session.ts";
import { awaitShop } from "./await-shop.ts";
import { openControl } from "./control.ts";
import type { DemoStatus } from "./control-contract.ts";
import { DemoEnv } from "./demo-env.ts";
import { reachableHost } from "#launch/reachable-host.ts";
import { startLoad, type Load } from "./load.ts";
import { SHOP_INSTANCES } from "./shop-map.ts";
import { startShop } from "./shop.ts";
import { Troubles } from "./trouble.ts";

/** Visitors come after this long, ms, even while no gateway serves the shop: that is to be seen, too. */
const OPENING_MS = 10_000;

const env = readEnv(DemoEnv, process.env);
const log = openLog("demo", env.LOG_LEVEL);
const parts = new Lifecycle(log);
const troubles = new Troubles();

const zookeeper = await parts.start(() => openZooKeeper({ servers: env.ZOOKEEPER, log }));
const shop = await parts.start(() =>
  startShop({
    zookeeper,
    servicesRoot: env.SERVICES_ROOT,
    egressHost: reachableHost(env.GATEWAY_EGRESS_HOST),
    egress: env.GATEWAY_EGRESS,
    troubles,
    log,
  }),
);
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void leave());
process.on("disconnect", () => void leave());

const edge = { host: reachableHost(env.GATEWAY_HOST), port: env.GATEWAY_PORT };
await awaitShop(edge, shop.registered, OPENING_MS);
const load = await parts.start(() => startLoad(edge, env.DEMO_RATE));
await parts.start(() => openControl(resolve(env.DATA_DIR), { troubles, load, status: () => demoStatus(load) }));
process.send?.({ ready: true });

async function leave(): Promise<void> {
  await parts.stop();
  process.exit(0);
}

function demoStatus(running: Load): DemoStatus {
  const instancesOf = (service: string): string[] =>
    SHOP_INSTANCES.filter((one) => one.service === service).map((one) => one.id);
  return {
    services: troubles.list().map((entry) => ({ ...entry, instances: instancesOf(entry.service) })),
    load: { peakPerSecond: env.DEMO_RATE, ...running.counts() },
  };
}
