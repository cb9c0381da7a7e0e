import { hostname } from "node:os";
import { z } from "zod";

const Port = (fallback: number) =>
  z.coerce
    .number("a port number")
    .int("a port number")
    .min(0, "a port number")
    .max(65_535, "a port number")
    .default(fallback);
const ZooKeeperServers = z
  .string("host:port[,host:port…][/chroot]")
  .regex(/^[^/,\s]+:\d+(?:,[^/,\s]+:\d+)*(?:\/[^\s]*)?$/, "host:port[,host:port…][/chroot]");
const LogLevel = z
  .enum(["trace", "debug", "info", "warn", "error", "fatal"], "trace, debug, info, warn, error or fatal")
  .default("info");
const ZnodePath = (fallback: string) =>
  z
    .string()
    .regex(/^(?:\/[^/\s]+)+$/, "a path such as /meshkeeper")
    .default(fallback);
const Host = z.string().min(1);
const Milliseconds = (max: number) => {
  const meaning = `a whole number of milliseconds, at most ${max}`;
  return z.coerce.number(meaning).int(meaning).min(0, meaning).max(max, meaning);
};
const NodeId = z.string().regex(/^[A-Za-z0-9._-]{1,128}$/, "letters, digits, dots, hyphens, underscores");

/** Settings of a console process. README's table lists them; a test holds the two together. */
export const ConsoleEnv = z.object({
  CONSOLE_HOST: Host.default("127.0.0.1"),
  CONSOLE_PORT: Port(3000),
  /** Public address, for links and the check of the browser's origin; default: http://host:port. */
  CONSOLE_URL: z.url("an address such as https://mesh.example.com").optional(),
  /** Signs cookies; default: made at the first start and kept in DATA_DIR. Consoles that share a database need the same one. */
  CONSOLE_SECRET: z.string().min(32, "at least 32 characters").optional(),
  CONSOLE_ID: NodeId.default(() => `console-${hostname()}`.replace(/[^A-Za-z0-9._-]/g, "-")),
  DATABASE_URL: z
    .string("postgresql://user:password@host:port/database")
    .regex(/^postgres(?:ql)?:\/\//, "postgresql://user:password@host:port/database"),
  ZOOKEEPER: ZooKeeperServers,
  ZOOKEEPER_ROOT: ZnodePath("/meshkeeper"),
  SERVICES_ROOT: ZnodePath("/services"),
  DATA_DIR: z.string().min(1).default(".data"),
  LOG_LEVEL: LogLevel,
});
export type ConsoleEnv = z.infer<typeof ConsoleEnv>;

/** `storefront=9101,catalog=9102`: the service that calls, and the port it calls on. */
const EgressListeners = z
  .string()
  .default("")
  .transform((text, context) => {
    const listeners: { service: string; port: number }[] = [];
    for (const entry of text.split(",").filter((part) => part.trim() !== "")) {
      const [, service, port] = /^\s*([A-Za-z0-9._-]+)=(\d{1,5})\s*$/.exec(entry) ?? [];
      if (service === undefined || port === undefined || Number(port) > 65_535) {
        context.addIssue({ code: "custom", message: "service=port[,service=port…]" });
        return z.NEVER;
      }
      listeners.push({ service, port: Number(port) });
    }
    return listeners;
  });

/** Settings of a gateway process. */
export const GatewayEnv = z.object({
  GATEWAY_ID: NodeId.default(() => `gateway-${hostname()}`.replace(/[^A-Za-z0-9._-]/g, "-")),
  GATEWAY_HOST: Host.default("127.0.0.1"),
  GATEWAY_PORT: Port(8080),
  GATEWAY_ADMIN_HOST: Host.default("127.0.0.1"),
  GATEWAY_ADMIN_PORT: Port(9901),
  /** Address at which consoles reach the admin listener; default: http://admin-host:admin-port. */
  GATEWAY_ADMIN_URL: z.url("an address such as http://gateway-1.example.com:9901").optional(),
  /** Listeners for local services that call others; each knows who is calling. Bound to GATEWAY_EGRESS_HOST. */
  GATEWAY_EGRESS: EgressListeners,
  GATEWAY_EGRESS_HOST: Host.default("127.0.0.1"),
  /** Where this gateway is, as instances say it of themselves (`zone` in their metadata): those in the same place are preferred. */
  GATEWAY_ZONE: z.string().max(128).default(""),
  /** How long SIGTERM waits for requests in flight, ms. */
  GATEWAY_DRAIN_MS: Milliseconds(600_000).default(10_000),
  ZOOKEEPER: ZooKeeperServers,
  ZOOKEEPER_ROOT: ZnodePath("/meshkeeper"),
  SERVICES_ROOT: ZnodePath("/services"),
  DATA_DIR: z.string().min(1).default(".data"),
  LOG_LEVEL: LogLevel,
});
export type GatewayEnv = z.infer<typeof GatewayEnv>;

/** Thrown when settings are wrong: lists every bad variable and what it should be, and prints no value. */
export class SettingsError extends Error {
  constructor(problems: readonly string[]) {
    super(
      `Some settings are not usable:\n${problems.map((problem) => `  ${problem}`).join("\n")}\nREADME.md lists every setting.`,
    );
    this.name = "SettingsError";
  }
}

/**
 * Reads a process's settings from its environment, once. Variables set to the empty string count as not set.
 * @throws SettingsError naming each variable that is missing or malformed.
 */
export function readEnv<Schema extends z.ZodType>(
  schema: Schema,
  environment: Readonly<Record<string, string | undefined>>,
): z.infer<Schema> {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ""),
  );
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw new SettingsError(
    result.error.issues.map((issue) => {
      const name = issue.path.join(".");
      return name in given ? `${name} must be ${issue.message}` : `${name} is not set; it must be ${issue.message}`;
    }),
  );
}
