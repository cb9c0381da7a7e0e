import { parseArgs } from "node:util";
import { parseServers } from "#zookeeper/servers.ts";
import type { RegisterOptions } from "./register.ts";
import { RegistrationSettings } from "./registration-settings.ts";

/** What the flags of `register` ask for. */
export interface RegisterCommand {
  readonly registration: Omit<RegisterOptions, "zookeeper">;
  readonly zookeeper: { readonly servers: string; readonly sessionTimeoutMs: number };
  /** Program and arguments; null: something that runs already. */
  readonly command: readonly [string, ...string[]] | null;
  /** Tell what goes on between this process and ZooKeeper. */
  readonly verbose: boolean;
}

/** Flags that cannot be used, one problem a line. */
export class UsageError extends Error {
  constructor(problems: readonly string[]) {
    super(`${problems.join("\n")}\nnpx meshkeeper register --help lists every flag.`);
    this.name = "UsageError";
  }
}

export const HELP = `Usage: npx meshkeeper register --name NAME --port PORT [flags] [-- CMD ARGS…]

Starts CMD, registers it in ZooKeeper once it is well, takes it out while it is not, and withdraws it when it ends.
On SIGTERM and SIGINT it withdraws first, waits the drain time, passes the signal on, and exits with CMD's code.
Without CMD it registers something that runs already, until it is stopped.

  --name NAME                the service's name
  --port PORT                the port it listens on
  --address ADDRESS          where others reach it; default: this machine's address as ZooKeeper sees it
  --id ID                    unique within the service; default: ADDRESS:PORT
  --https                    the port speaks TLS
  --label KEY=VALUE          such as version=2; as many as you like
  --weight N                 0 to 1000; 100 is one share
  --zone ZONE                where it runs

  --health CHECK             /path (GET; 2xx and 3xx are well), a URL, tcp, tcp://host:port, or none; default: tcp
  --health-interval TIME     default: 2s, and four times a second until it is well for the first time
  --health-timeout TIME      default: 1s
  --healthy-after N          checks in a row that bring it back; default: 1
  --unhealthy-after N        checks in a row that take it out; default: 3

  --zookeeper SERVERS        host:port[,host:port…][/chroot]; default: $ZOOKEEPER, or 127.0.0.1:2181
  --root PATH                where services register; default: $SERVICES_ROOT, or /services
  --session-timeout TIME     how long the entry outlives this process when it is killed; default: 10s
  --drain TIME               how long a stop waits once it is withdrawn; default: 5s
  --out-of-service           mark it OUT_OF_SERVICE, as Spring Cloud does, instead of removing it
  --no-payload               write no payload and no labels, for Java consumers of ServiceInstance<Void>
  --verbose                  tell what goes on between this process and ZooKeeper
  --help                     this text

Times are written 500ms, 2s or 1m. ZOOKEEPER_AUTH=user:password is what it proves itself with. docs/registering.md says more.
`;

const FLAGS = {
  name: { type: "string" },
  port: { type: "string" },
  address: { type: "string" },
  id: { type: "string" },
  https: { type: "boolean" },
  label: { type: "string", multiple: true },
  weight: { type: "string" },
  zone: { type: "string" },
  health: { type: "string" },
  "health-interval": { type: "string" },
  "health-timeout": { type: "string" },
  "healthy-after": { type: "string" },
  "unhealthy-after": { type: "string" },
  zookeeper: { type: "string" },
  root: { type: "string" },
  "session-timeout": { type: "string" },
  drain: { type: "string" },
  "out-of-service": { type: "boolean" },
  "no-payload": { type: "boolean" },
  verbose: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** Which flag a setting comes from. */
const FLAG_OF: Readonly<Record<string, string>> = {
  service: "--name",
  labels: "--label",
  healthIntervalMs: "--health-interval",
  healthTimeoutMs: "--health-timeout",
  healthyAfter: "--healthy-after",
  unhealthyAfter: "--unhealthy-after",
  drainMs: "--drain",
  whenOut: "--out-of-service",
};

/** What flags leave open. */
export interface Defaults {
  readonly zookeeper: string | undefined;
  readonly root: string | undefined;
}

/**
 * Reads the words after `register`.
 * @returns "help" when it was asked for.
 * @throws UsageError naming every flag that is missing or cannot be used, and what it should be.
 */
export function parseCommandLine(words: readonly string[], defaults: Defaults): RegisterCommand | "help" {
  const dashes = words.indexOf("--");
  const flags = readFlags(dashes === -1 ? words : words.slice(0, dashes));
  if (flags.help === true) return "help";
  const [program, ...args] = dashes === -1 ? [] : words.slice(dashes + 1);
  const problems: string[] = [];
  if (dashes !== -1 && program === undefined) problems.push("After -- the command to run is missing.");
  if (flags.name === undefined) problems.push("--name is missing: the service's name, such as --name orders.");
  if (flags.port === undefined)
    problems.push("--port is missing: the port the service listens on, such as --port 8080.");

  const time = (flag: "health-interval" | "health-timeout" | "session-timeout" | "drain"): number | undefined => {
    const text = flags[flag];
    const ms = text === undefined ? undefined : millisecondsOf(text);
    if (ms === null) problems.push(`--${flag} ${text ?? ""} is not usable: write a time such as 500ms, 2s or 1m.`);
    return ms ?? undefined;
  };
  const servers = flags.zookeeper ?? defaults.zookeeper ?? "127.0.0.1:2181";
  const sessionTimeoutMs = time("session-timeout") ?? 10_000;
  if (sessionTimeoutMs < 1000) problems.push("--session-timeout must be at least 1s.");
  const port = numberOf(flags.port);
  const settings = given({
    service: flags.name ?? "",
    port: port ?? 1,
    sslPort: flags.https === true ? port : undefined,
    address: flags.address,
    id: flags.id,
    labels: labelsOf(flags.label ?? [], problems),
    weight: numberOf(flags.weight),
    zone: flags.zone,
    health: flags.health,
    healthIntervalMs: time("health-interval"),
    healthTimeoutMs: time("health-timeout"),
    healthyAfter: numberOf(flags["healthy-after"]),
    unhealthyAfter: numberOf(flags["unhealthy-after"]),
    root: flags.root ?? defaults.root,
    drainMs: time("drain"),
    whenOut: flags["out-of-service"] === true ? ("out-of-service" as const) : undefined,
    payload: flags["no-payload"] === true ? ("none" as const) : undefined,
  });
  problems.push(...problemsOf(settings, flags.name === undefined), ...serverProblems(servers));
  if (problems.length > 0) throw new UsageError(problems);
  return {
    registration: settings,
    zookeeper: { servers, sessionTimeoutMs },
    command: program === undefined ? null : [program, ...args],
    verbose: flags.verbose === true,
  };
}

function readFlags(args: readonly string[]): ReturnType<typeof parseFlags> {
  try {
    return parseFlags(args);
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    // Node adds advice on "--" that would lead astray here.
    throw new UsageError([`${error.message.split(". ")[0] ?? ""}. The command to run stands after --.`]);
  }
}

function parseFlags(args: readonly string[]) {
  return parseArgs({ args: [...args], options: FLAGS, strict: true, allowPositionals: false }).values;
}

/** Whole numbers only; anything else becomes NaN, which no setting accepts. */
function numberOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
}

function millisecondsOf(text: string): number | null {
  const [, amount, unit] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m)$/.exec(text) ?? [];
  if (amount === undefined) return text === "0" ? 0 : null;
  return Math.round(Number(amount) * (unit === "ms" ? 1 : unit === "s" ? 1000 : 60_000));
}

function labelsOf(texts: readonly string[], problems: string[]): Record<string, string> {
  const pairs = texts.map((text) => {
    const equals = text.indexOf("=");
    if (equals < 1) problems.push(`--label ${text} is not usable: write key=value, such as version=2.`);
    return [text.slice(0, Math.max(0, equals)), text.slice(equals + 1)] as const;
  });
  for (const [index, [key]] of pairs.entries())
    if (pairs.findIndex(([other]) => other === key) !== index) problems.push(`--label ${key} is given twice.`);
  return Object.fromEntries(pairs.filter(([key]) => key !== ""));
}

/** Leaves out what is undefined, so that defaults apply. */
function given<T extends Record<string, unknown>>(values: T): { [K in keyof T]: Exclude<T[K], undefined> };
function given(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function problemsOf(settings: unknown, nameIsMissing: boolean): string[] {
  const result = RegistrationSettings.safeParse(settings);
  if (result.success) return [];
  const issues = result.error.issues.filter(({ path }) => !(nameIsMissing && path[0] === "service"));
  return [
    ...new Set(
      issues.map(({ path, message }) => {
        const name = String(path[0] ?? "");
        return `${FLAG_OF[name] ?? `--${name}`} is not usable: it must be ${uncapitalised(message)}.`;
      }),
    ),
  ];
}

const uncapitalised = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

function serverProblems(zookeeper: string): string[] {
  try {
    parseServers(zookeeper);
    return [];
  } catch (error) {
    return [`--zookeeper is not usable: ${error instanceof Error ? error.message : String(error)}.`];
  }
}
