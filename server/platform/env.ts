import { hostname } from "node:os";
import { z } from "zod";
import { parseAddressRange, type AddressRange } from "#domain/address-range.ts";

const Port = (fallback: number) =>
  z.coerce
    .number("a port number")
    .int("a port number")
    .min(0, "a port number")
    .max(65_535, "a port number")
    .default(fallback);
const OptionalPort = z.coerce
  .number("a port number")
  .int("a port number")
  .min(0, "a port number")
  .max(65_535, "a port number")
  .optional();
const ZooKeeperServers = z
  .string("host:port[,host:port…][/chroot]")
  .regex(/^[^/,\s]+:\d+(?:,[^/,\s]+:\d+)*(?:\/[^\s]*)?$/, "host:port[,host:port…][/chroot]");
/** ASCII only: what ZooKeeper makes of other letters depends on the locale it runs in. */
const ZooKeeperAuth = z
  .string()
  .regex(/^[^\s:,\u0080-\uffff]+:[\x20-\x7e]+$/, "user:password in ASCII letters, digits and signs")
  .transform((text) => ({ user: text.slice(0, text.indexOf(":")), password: text.slice(text.indexOf(":") + 1) }))
  .optional();
/** `gateway:base64(sha1(gateway:password)),…`: identities without their passwords. */
const ZooKeeperPeers = z
  .string()
  .default("")
  .transform((text, context) => {
    const peers = text.split(",").flatMap((part) => part.trim() || []);
    if (peers.every((peer) => /^[^\s:]+:[A-Za-z0-9+/]{27}=$/.test(peer))) return peers;
    context.addIssue({ code: "custom", message: "user:hash[,user:hash…], the hash as base64(sha1(user:password))" });
    return z.NEVER;
  });
/** A previous credential alone would open the mesh: access is closed by the new one. */
const isNewBesidePrevious = (env: { ZOOKEEPER_AUTH?: unknown; ZOOKEEPER_AUTH_PREVIOUS?: unknown }): boolean =>
  env.ZOOKEEPER_AUTH_PREVIOUS === undefined || env.ZOOKEEPER_AUTH !== undefined;
const PREVIOUS_ALONE = {
  path: ["ZOOKEEPER_AUTH_PREVIOUS"],
  error: "beside ZOOKEEPER_AUTH, which is the new one",
};
const LogLevel = z
  .enum(["trace", "debug", "info", "warn", "error", "fatal"], "trace, debug, info, warn, error or fatal")
  .default("info");
const ZnodePath = (fallback: string) =>
  z
    .string()
    .regex(/^(?:\/[^/\s]+)+$/, "a path such as /meshkeeper")
    .default(fallback);
/** Unset is the default, so a word says that there is none. */
const ZnodePathOrOff = (fallback: string) =>
  z
    .string()
    .regex(/^(?:off|(?:\/[^/\s]+)+)$/, `a path such as ${fallback}, or off`)
    .default(fallback);
const Host = z.string().min(1);
const Milliseconds = (max: number) => {
  const meaning = `a whole number of milliseconds, at most ${max}`;
  return z.coerce.number(meaning).int(meaning).min(0, meaning).max(max, meaning);
};
const Whole = (what: string, min: number, max: number) => {
  const meaning = `${what} from ${min} to ${max}`;
  return z.coerce.number(meaning).int(meaning).min(min, meaning).max(max, meaning);
};
const NodeId = z.string().regex(/^[A-Za-z0-9._-]{1,128}$/, "letters, digits, dots, hyphens, underscores");

/** `10.0.0.0/8,2001:db8::/32`. */
const AddressRanges = z
  .string()
  .default("")
  .transform((text, context) => {
    const ranges: AddressRange[] = [];
    for (const entry of text.split(",").filter((part) => part.trim() !== "")) {
      const range = parseAddressRange(entry.trim());
      if (range === null) {
        context.addIssue({ code: "custom", message: "address ranges such as 10.0.0.0/8,2001:db8::/32" });
        return z.NEVER;
      }
      ranges.push(range);
    }
    return ranges;
  });

/** Where the mesh and the registries are, and who this process is there: the same for consoles and gateways. */
const ZooKeeperSettings = {
  ZOOKEEPER: ZooKeeperServers,
  /** What this process proves itself with; not set: everybody may change the mesh. */
  ZOOKEEPER_AUTH: ZooKeeperAuth,
  /** What it was before, while it is being changed: granted the same. */
  ZOOKEEPER_AUTH_PREVIOUS: ZooKeeperAuth,
  /** The other side's identities: for consoles those of the gateways, for gateways those of the consoles. */
  ZOOKEEPER_PEERS: ZooKeeperPeers,
  ZOOKEEPER_ROOT: ZnodePath("/meshkeeper"),
  SERVICES_ROOT: ZnodePath("/services"),
  /** Dubbo's interface-level registry; `off`: it is not read. */
  DUBBO_ROOT: ZnodePathOrOff("/dubbo"),
};

/** Settings of a console process. README's table lists them; a test holds the two together. */
export const ConsoleEnv = z
  .object({
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
    ...ZooKeeperSettings,
    /** Where hystrix.streams of instances may be fetched from: when set, nowhere else; loopback, link-local and the like only when named as narrowly. */
    CONSOLE_HYSTRIX_ALLOW: AddressRanges,
    CONSOLE_HYSTRIX_DENY: AddressRanges,
    /** How long every breaker's calls stay on record, second by second, for its history and for simulations. */
    BREAKER_HISTORY_HOURS: Whole("a number of hours", 1, 168).default(24),
    /** How long drift that was repaired or decided stays in its list; the audit log has it for good. */
    DRIFT_HISTORY_DAYS: Whole("a number of days", 1, 3650).default(90),
    /** What the mesh's traffic over time may take in the database, MB; beyond it the oldest is deleted before its time. */
    TRAFFIC_HISTORY_MB: Whole("a number of megabytes", 64, 1_000_000).default(2048),
    /** Forcing what carries this many requests per second has to be confirmed by typing its name; 0: always. */
    FORCE_CONFIRM_RPS: z.coerce
      .number("a number of requests per second, 0 or more")
      .min(0, "a number of requests per second, 0 or more")
      .default(10),
    /** Who shows it may read /metrics; not set: only the same machine may, and not through a proxy. */
    METRICS_TOKEN: z.string().min(16, "at least 16 characters").optional(),
    DATA_DIR: z.string().min(1).default(".data"),
    LOG_LEVEL: LogLevel,
  })
  .refine(isNewBesidePrevious, PREVIOUS_ALONE);
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

const File = z.string().regex(/^[^\0]+$/, "a path");

/** Settings of a gateway process. */
export const GatewayEnv = z
  .object({
    GATEWAY_ID: NodeId.default(() => `gateway-${hostname()}`.replace(/[^A-Za-z0-9._-]/g, "-")),
    GATEWAY_HOST: Host.default("127.0.0.1"),
    GATEWAY_PORT: Port(8080),
    GATEWAY_ADMIN_HOST: Host.default("127.0.0.1"),
    GATEWAY_ADMIN_PORT: Port(9901),
    /** Address at which consoles reach the admin listener; default: http://admin-host:admin-port. */
    GATEWAY_ADMIN_URL: z.url("an address such as http://gateway-1.example.com:9901").optional(),
    /** Registers the gateway's hystrix.stream for Turbine 1, as one of this cluster: under /hystrix-event/<cluster>. */
    GATEWAY_TURBINE_CLUSTER: NodeId.optional(),
    /** Listeners for local services that call others; each knows who is calling. Bound to GATEWAY_EGRESS_HOST. */
    GATEWAY_EGRESS: EgressListeners,
    GATEWAY_EGRESS_HOST: Host.default("127.0.0.1"),
    /** Where this gateway is, as instances say it of themselves (`zone` in their metadata): those in the same place are preferred. */
    GATEWAY_ZONE: z.string().max(128).default(""),
    /** An edge listener for TLS (HTTP/2 and HTTP/1.1) besides; its certificates are one pair of files, or a folder of pairs. */
    GATEWAY_TLS_PORT: OptionalPort,
    GATEWAY_TLS_CERT: File.optional(),
    GATEWAY_TLS_KEY: File.optional(),
    /** `shop.crt` and `shop.key`, chosen by the name a client asks for. */
    GATEWAY_TLS_DIR: File.optional(),
    /** Proxies in front of the gateway, whose forwarding fields are believed. */
    GATEWAY_TRUSTED_PEERS: AddressRanges,
    /** Of traces that begin at the gateway, how many are marked for recording, percent. */
    GATEWAY_TRACE_PERCENT: Whole("a percentage", 0, 100).default(100),
    /** Where instances may lead: when set, nowhere else; loopback, link-local and the like only when named as narrowly. */
    GATEWAY_UPSTREAM_ALLOW: AddressRanges,
    GATEWAY_UPSTREAM_DENY: AddressRanges,
    /** Authorities for instances' certificates, besides the public ones, in PEM. */
    GATEWAY_UPSTREAM_CA: File.optional(),
    /** Connections of clients, and requests in flight; above, 503. */
    GATEWAY_MAX_CONNECTIONS: Whole("a number", 1, 1_000_000).default(10_000),
    GATEWAY_MAX_REQUESTS: Whole("a number", 1, 1_000_000).default(5000),
    /** Processes that serve. */
    GATEWAY_WORKERS: Whole("a number", 1, 64).default(1),
    /** How long SIGTERM waits for requests in flight, ms. */
    GATEWAY_DRAIN_MS: Milliseconds(600_000).default(10_000),
    ...ZooKeeperSettings,
    DATA_DIR: z.string().min(1).default(".data"),
    LOG_LEVEL: LogLevel,
  })
  .refine(isNewBesidePrevious, PREVIOUS_ALONE);
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
