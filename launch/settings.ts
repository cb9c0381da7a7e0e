import { resolve } from "node:path";
import { z } from "zod";
import { ConsoleEnv, GatewayEnv, readEnv } from "#platform/env.ts";

const Port = (fallback: number) =>
  z.coerce
    .number("a port number")
    .int("a port number")
    .min(0, "a port number")
    .max(65_535, "a port number")
    .default(fallback);

/** Settings of `npm start` and `npm run dev`: those of the parts it starts, and its own. README's table lists them. */
export const LaunchEnv = z.object({
  ...ConsoleEnv.shape,
  ...GatewayEnv.shape,
  /** An ensemble to use instead of starting a ZooKeeper server. */
  ZOOKEEPER: ConsoleEnv.shape.ZOOKEEPER.optional(),
  /** Folder of an unpacked ZooKeeper distribution, to start instead of the one of the system's packages. */
  ZOOKEEPER_HOME: z.string().optional(),
  /** The Java runtime that ZooKeeper is run with; by default the one on the path. */
  JAVA_HOME: z.string().optional(),
  /** Port of the ZooKeeper server that is started when ZOOKEEPER is not set. */
  ZOOKEEPER_PORT: Port(2181),
  /** A database to use instead of starting an embedded PostgreSQL server. */
  DATABASE_URL: ConsoleEnv.shape.DATABASE_URL.optional(),
  /** Port of the PostgreSQL server that is started when DATABASE_URL is not set. */
  DATABASE_PORT: Port(54_329),
  /** Any value but 0 and false: no demo shop and no load. */
  NO_DEMO: z
    .string()
    .default("")
    .transform((text) => !["", "0", "false"].includes(text.toLowerCase())),
  /** How many gateways; the second one has an edge and an admin listener of its own, at free ports, and no egress. */
  GATEWAYS: z.coerce.number("1 or 2").int("1 or 2").min(1, "1 or 2").max(2, "1 or 2").default(1),
  /** Requests per second of the demo's load at its peak; 0 for none. */
  DEMO_RATE: z.coerce
    .number("a number from 0 to 500")
    .min(0, "a number from 0 to 500")
    .max(500, "a number from 0 to 500")
    .default(25),
});
export type LaunchEnv = z.infer<typeof LaunchEnv>;

/** How a stack is run; everything is decided before anything starts. A port of 0 means: take a free one. */
export interface StackSettings extends LaunchEnv {
  readonly mode: "production" | "development";
  /** A part that dies is started again. */
  readonly restartParts: boolean;
  /** Where the second gateway listens, whether or not it runs. */
  readonly secondGateway: { readonly port: number; readonly adminPort: number };
  /** The launcher's whole environment, handed on to the parts below what is decided here. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads the settings of a stack from an environment.
 * @throws SettingsError naming each variable that is malformed.
 */
export function readSettings(
  environment: Readonly<Record<string, string | undefined>>,
  options: Partial<Pick<StackSettings, "mode" | "restartParts">> = {},
): StackSettings {
  const env = readEnv(LaunchEnv, environment);
  return {
    mode: "production",
    restartParts: true,
    secondGateway: { port: 0, adminPort: 0 },
    ...options,
    ...env,
    DATA_DIR: resolve(env.DATA_DIR),
    environment,
  };
}

/** Settings of `npm test`. */
export const TestEnv = z.object({
  /** The browser that the browser tests use. */
  CHROMIUM: z.string().optional(),
});
