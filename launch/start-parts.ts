import { SHOP_CALLERS } from "../demo/shop-map.ts";
import {
  consoleEnvironment,
  demoEnvironment,
  gatewayEnvironment,
  secondGatewayEnvironment,
  type StackFacts,
} from "./part-environments.ts";
import { freePorts } from "./ports.ts";
import { httpAddress } from "./reachable-host.ts";
import type { Report } from "./report.ts";
import { runPostgres } from "./running-postgres.ts";
import { runProcess, type ProcessSpec } from "./running-process.ts";
import { runZooKeeper } from "./running-zookeeper.ts";
import type { StackSettings } from "./settings.ts";
import { SupervisedPart, type PartName, type PartOptions } from "./supervised-part.ts";

/**
 * Starts the parts of a stack one after another, as far as the settings want them, and enters each into `parts` in that
 * order before it is started.
 * @throws LaunchError of the first that does not start; the others stay as they are.
 */
export async function startParts(
  settings: StackSettings,
  report: Report,
  parts: Map<PartName, SupervisedPart>,
): Promise<StackFacts> {
  const add: AddPart = (own) => {
    const part = new SupervisedPart({
      dataDir: settings.DATA_DIR,
      restart: settings.restartParts,
      tell: report.line,
      ...own,
    });
    parts.set(own.name, part);
    return part;
  };
  const databaseUrl = settings.DATABASE_URL ?? (await startPostgresPart(settings, report, add));
  const zookeeper = settings.ZOOKEEPER ?? (await startZooKeeperPart(settings, report, add));
  const egress = settings.NO_DEMO ? {} : await egressPorts(settings.GATEWAY_EGRESS_HOST);
  const facts = { zookeeper, databaseUrl, egress };

  const consoleAddress = httpAddress(settings.CONSOLE_HOST, settings.CONSOLE_PORT);
  await startChild(consoleSpec(settings, facts), consoleAddress, report, add);
  // After the console: what is saved before it runs counts as published late, by the time it took to start.
  if (!settings.NO_DEMO) await seed(databaseUrl, report);
  await startChild(
    gatewaySpec(settings, facts),
    httpAddress(settings.GATEWAY_HOST, settings.GATEWAY_PORT),
    report,
    add,
  );
  const second = secondGatewaySpec(settings, facts);
  if (settings.GATEWAYS > 1)
    await startChild(second, httpAddress(settings.GATEWAY_HOST, settings.secondGateway.port), report, add);
  else addChild(second, add);
  if (!settings.NO_DEMO) await startChild(demoSpec(settings, facts), "", report, add);
  return facts;
}

type AddPart = (own: Pick<PartOptions, "name" | "title" | "run" | "stopSignal" | "newsAfterRestart">) => SupervisedPart;
type NamedSpec = ProcessSpec & Pick<PartOptions, "name" | "newsAfterRestart">;

async function startPostgresPart(settings: StackSettings, report: Report, add: AddPart): Promise<string> {
  return report.step("PostgreSQL", async (note) => {
    const part = add({
      name: "postgres",
      title: "PostgreSQL",
      run: () => runPostgres(settings, note),
      stopSignal: "SIGINT",
    });
    await part.start();
    note(`127.0.0.1:${settings.DATABASE_PORT}`);
    return String(part.facts["url"]);
  });
}

async function startZooKeeperPart(settings: StackSettings, report: Report, add: AddPart): Promise<string> {
  return report.step("ZooKeeper", async (note) => {
    await add({ name: "zookeeper", title: "ZooKeeper", run: () => runZooKeeper(settings, note) }).start();
    note(`127.0.0.1:${settings.ZOOKEEPER_PORT}`);
    return `127.0.0.1:${settings.ZOOKEEPER_PORT}`;
  });
}

async function startChild(spec: NamedSpec, address: string, report: Report, add: AddPart): Promise<void> {
  const part = addChild(spec, add);
  await report.step(spec.title.replace(/^the /, ""), async (note) => {
    await part.start();
    note(address);
  });
}

/** Enters a part that may be started later. */
function addChild(spec: NamedSpec, add: AddPart): SupervisedPart {
  const { name, title, newsAfterRestart } = spec;
  return add({ name, title, run: (log) => runProcess(spec, log), ...(newsAfterRestart && { newsAfterRestart }) });
}

function consoleSpec(settings: StackSettings, facts: StackFacts): NamedSpec {
  return {
    name: "console",
    title: "the console",
    script: "server/main/console.ts",
    environment: consoleEnvironment(settings, facts),
    readyMs: 90_000,
    stopMs: 15_000,
    // Each start makes a new link while there is no administrator, and the one printed before is void.
    newsAfterRestart: ({ signInLink }) =>
      typeof signInLink === "string" ? `    the sign-in link is a new one: ${signInLink}` : null,
  };
}

function gatewaySpec(settings: StackSettings, facts: StackFacts): NamedSpec {
  const stopMs = settings.GATEWAY_DRAIN_MS + 10_000;
  const environment = gatewayEnvironment(settings, facts);
  return {
    name: "gateway",
    title: "the gateway",
    script: "server/main/gateway.ts",
    environment,
    readyMs: 60_000,
    stopMs,
  };
}

function secondGatewaySpec(settings: StackSettings, facts: StackFacts): NamedSpec {
  const environment = secondGatewayEnvironment(settings, facts);
  return { ...gatewaySpec(settings, facts), name: "gateway-2", title: "the second gateway", environment };
}

function demoSpec(settings: StackSettings, facts: StackFacts): NamedSpec {
  const environment = demoEnvironment(settings, facts);
  return { name: "demo", title: "the demo shop", script: "demo/main.ts", environment, readyMs: 30_000, stopMs: 10_000 };
}

async function seed(databaseUrl: string, report: Report): Promise<void> {
  await report.step("demo routes", async (note) => {
    // Imported only now: without the demo the launcher needs nothing of the database's code.
    const { seedShopInto } = await import("./seed-demo.ts");
    note((await seedShopInto(databaseUrl)) ? "created" : "left as they are");
  });
}

/** One for each service of the shop that calls others; the same for gateway and demo, and after a restart of either. */
async function egressPorts(host: string): Promise<Readonly<Record<string, number>>> {
  const ports = await freePorts(SHOP_CALLERS.length, host);
  return Object.fromEntries(SHOP_CALLERS.map((service, index) => [service, ports[index] ?? 0]));
}
