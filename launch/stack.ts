import { endLeftovers, claimDataFolder, openDataFolder } from "./data-folder.ts";
import { LaunchError } from "./launch-error.ts";
import type { StackFacts } from "./part-environments.ts";
import { assertPortsFree, freePorts, type PortWish } from "./ports.ts";
import { httpAddress } from "./reachable-host.ts";
import type { Report } from "./report.ts";
import type { StackSettings } from "./settings.ts";
import { startParts } from "./start-parts.ts";
import { removeStackAddress, writeStackAddress } from "./stack-address.ts";
import type { PartName, SupervisedPart } from "./supervised-part.ts";

/** A whole mesh on this machine. */
export interface Stack {
  readonly settings: StackSettings;
  readonly urls: { readonly console: string; readonly edge: string; readonly edge2: string; readonly admin: string };
  readonly zookeeper: string;
  readonly databaseUrl: string;
  /** One-time link for the first administrator; null when there is one already. */
  readonly signInLink: string | null;
  /** Port of the egress listener of each calling service; empty without the demo. */
  readonly egress: Readonly<Record<string, number>>;
  /** @throws LaunchError when the stack has no such part, such as a database of its own. */
  part(name: PartName): SupervisedPart;
  /** Stops every part in reverse order and gives the data folder back. */
  stop(report?: Report): Promise<void>;
  /** Kills every part and waits for nothing. */
  force(): void;
}

/**
 * Starts PostgreSQL, ZooKeeper, the console, the gateway and the demo, each as far as the settings want it, and resolves
 * when all are ready. For production the console's pages must have been built before.
 * @param signal ends the start after the step under way.
 * @throws LaunchError when something stands in the way, or the signal's reason; what was started is stopped again.
 */
export async function startStack(wanted: StackSettings, report: Report, signal?: AbortSignal): Promise<Stack> {
  const settings = await withPorts(wanted);
  const starting: Report = {
    ...report,
    step: async (title, run) => {
      signal?.throwIfAborted();
      return report.step(title, run);
    },
  };
  const release = await prepare(settings, starting);
  const parts = new Map<PartName, SupervisedPart>();
  const stop = async (stopReport: Report = report): Promise<void> => {
    for (const part of [...parts.values()].toReversed()) {
      if (part.status !== "down") await stopReport.step(`stopping ${part.title}`, () => part.stop());
    }
    removeStackAddress(settings.DATA_DIR);
    release();
  };
  try {
    const stack = stackOf(settings, await startParts(settings, starting, parts), parts, stop);
    writeStackAddress(settings.DATA_DIR, { consoleUrl: stack.urls.console, databaseUrl: stack.databaseUrl });
    return stack;
  } catch (error) {
    report.line("");
    await stop();
    throw error;
  }
}

/** Ports that may be any are chosen now, and stay the same when a part is started again. */
async function withPorts(settings: StackSettings): Promise<StackSettings> {
  const [console_ = 0, gateway = 0, admin = 0, zookeeper = 0, database = 0, port = 0, adminPort = 0] =
    await freePorts(7);
  return {
    ...settings,
    CONSOLE_PORT: settings.CONSOLE_PORT || console_,
    GATEWAY_PORT: settings.GATEWAY_PORT || gateway,
    GATEWAY_ADMIN_PORT: settings.GATEWAY_ADMIN_PORT || admin,
    ZOOKEEPER_PORT: settings.ZOOKEEPER_PORT || zookeeper,
    DATABASE_PORT: settings.DATABASE_PORT || database,
    secondGateway: { port, adminPort },
  };
}

async function prepare(settings: StackSettings, report: Report): Promise<() => void> {
  if (process.platform !== "linux") {
    throw new LaunchError("Starting the whole mesh works on Linux only; it watches its processes through /proc.", [
      "run the parts alone, with ZOOKEEPER and DATABASE_URL set: npm run console, npm run gateway",
    ]);
  }
  return report.step("checking the data folder and ports", async (note) => {
    openDataFolder(settings.DATA_DIR);
    const release = claimDataFolder(settings.DATA_DIR);
    try {
      const leftovers = await endLeftovers(settings.DATA_DIR);
      if (leftovers.length > 0) note(`stopped what an earlier start left behind: ${leftovers.join(", ")}`);
      await assertPortsFree(portWishes(settings));
      return release;
    } catch (error) {
      release();
      throw error;
    }
  });
}

function portWishes(settings: StackSettings): PortWish[] {
  const wishes: PortWish[] = [
    { use: "the console", host: settings.CONSOLE_HOST, port: settings.CONSOLE_PORT, variable: "CONSOLE_PORT" },
    { use: "the gateway", host: settings.GATEWAY_HOST, port: settings.GATEWAY_PORT, variable: "GATEWAY_PORT" },
    {
      use: "the gateway's admin listener",
      host: settings.GATEWAY_ADMIN_HOST,
      port: settings.GATEWAY_ADMIN_PORT,
      variable: "GATEWAY_ADMIN_PORT",
    },
  ];
  if (settings.ZOOKEEPER === undefined)
    wishes.push({ use: "ZooKeeper", host: "127.0.0.1", port: settings.ZOOKEEPER_PORT, variable: "ZOOKEEPER_PORT" });
  if (settings.DATABASE_URL === undefined)
    wishes.push({ use: "PostgreSQL", host: "127.0.0.1", port: settings.DATABASE_PORT, variable: "DATABASE_PORT" });
  return wishes;
}

function stackOf(
  settings: StackSettings,
  facts: StackFacts,
  parts: ReadonlyMap<PartName, SupervisedPart>,
  stop: Stack["stop"],
): Stack {
  const { signInLink } = parts.get("console")?.facts ?? {};
  return {
    ...facts,
    settings,
    urls: {
      console: settings.CONSOLE_URL ?? httpAddress(settings.CONSOLE_HOST, settings.CONSOLE_PORT),
      edge: httpAddress(settings.GATEWAY_HOST, settings.GATEWAY_PORT),
      edge2: httpAddress(settings.GATEWAY_HOST, settings.secondGateway.port),
      admin: httpAddress(settings.GATEWAY_ADMIN_HOST, settings.GATEWAY_ADMIN_PORT),
    },
    signInLink: typeof signInLink === "string" ? signInLink : null,
    part: (name) => {
      const part = parts.get(name);
      if (part === undefined) throw new LaunchError(`This stack has no ${name} of its own.`);
      return part;
    },
    stop,
    force: () => {
      for (const part of parts.values()) part.force();
    },
  };
}
