import { delimiter, dirname, join } from "node:path";
import type { StackSettings } from "./settings.ts";

/** What was decided or found while the stack was starting. */
export interface StackFacts {
  readonly zookeeper: string;
  readonly databaseUrl: string;
  /** Port of the egress listener of each calling service. */
  readonly egress: Readonly<Record<string, number>>;
}

type Environment = Record<string, string | undefined>;

/** What every part is told. Settings left to a part's own default stay as the person set them, or unset. */
function common(settings: StackSettings, facts: StackFacts): Environment {
  return {
    ...settings.environment,
    // The parts' own children, if any, must meet the same Node.
    PATH: [dirname(process.execPath), settings.environment["PATH"] ?? ""].join(delimiter),
    ZOOKEEPER: facts.zookeeper,
    ZOOKEEPER_ROOT: settings.ZOOKEEPER_ROOT,
    SERVICES_ROOT: settings.SERVICES_ROOT,
    DATA_DIR: settings.DATA_DIR,
    LOG_LEVEL: settings.LOG_LEVEL,
    NODE_ENV: settings.mode,
    NEXT_TELEMETRY_DISABLED: "1",
  };
}

export function consoleEnvironment(settings: StackSettings, facts: StackFacts): Environment {
  return {
    ...common(settings, facts),
    CONSOLE_HOST: settings.CONSOLE_HOST,
    CONSOLE_PORT: String(settings.CONSOLE_PORT),
    DATABASE_URL: facts.databaseUrl,
    CONSOLE_HYSTRIX_ALLOW: allowed(settings, "CONSOLE_HYSTRIX_ALLOW"),
  };
}

export function gatewayEnvironment(settings: StackSettings, facts: StackFacts): Environment {
  return {
    ...common(settings, facts),
    // The data plane has no business with the database; it is not told where it is.
    DATABASE_URL: undefined,
    GATEWAY_ID: settings.GATEWAY_ID,
    GATEWAY_HOST: settings.GATEWAY_HOST,
    GATEWAY_PORT: String(settings.GATEWAY_PORT),
    GATEWAY_ADMIN_HOST: settings.GATEWAY_ADMIN_HOST,
    GATEWAY_ADMIN_PORT: String(settings.GATEWAY_ADMIN_PORT),
    GATEWAY_EGRESS_HOST: settings.GATEWAY_EGRESS_HOST,
    GATEWAY_EGRESS: egressText(settings, facts),
    GATEWAY_UPSTREAM_ALLOW: allowed(settings, "GATEWAY_UPSTREAM_ALLOW"),
  };
}

/** The second gateway: the same policy and services, another id, other ports and a folder of its own. */
export function secondGatewayEnvironment(settings: StackSettings, facts: StackFacts): Environment {
  return {
    ...gatewayEnvironment(settings, facts),
    DATA_DIR: join(settings.DATA_DIR, "gateway-2"),
    GATEWAY_ID: settings.GATEWAY_ID === "gateway-2" ? "gateway-1" : "gateway-2",
    GATEWAY_PORT: String(settings.secondGateway.port),
    GATEWAY_ADMIN_PORT: String(settings.secondGateway.adminPort),
    // A calling service is bound to one listener; the demo's stay with the first gateway.
    GATEWAY_EGRESS: "",
  };
}

/** All of this mesh is on one machine; a part by itself does not call loopback unless it is told to. */
function allowed(
  settings: StackSettings,
  name: "CONSOLE_HYSTRIX_ALLOW" | "GATEWAY_UPSTREAM_ALLOW",
): string | undefined {
  return settings[name].length === 0 ? "0.0.0.0/0,::/0,127.0.0.0/8,::1" : settings.environment[name];
}

export function demoEnvironment(settings: StackSettings, facts: StackFacts): Environment {
  return { ...gatewayEnvironment(settings, facts), DEMO_RATE: String(settings.DEMO_RATE) };
}

/** The listeners the person asked for come along with the demo's. */
function egressText(settings: StackSettings, facts: StackFacts): string {
  const wanted = settings.GATEWAY_EGRESS.map(({ service, port }) => [service, port] as const);
  return [...wanted, ...Object.entries(facts.egress)].map(([service, port]) => `${service}=${port}`).join(",");
}
