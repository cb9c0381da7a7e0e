import { createHash } from "node:crypto";
import type { Consumer, Instance, RegistryService, UnreadableInstance } from "#domain/instance.ts";
import { decodeName, parseDubboUrl } from "./dubbo-url.ts";
import { boundedMetadata, hostAddress, readWeight } from "./parse-instance.ts";
import { compare } from "./registry-hold.ts";

/** What stands under one interface's folder: names of nodes. */
export interface InterfaceFolder {
  /** Name of the folder's node. */
  readonly node: string;
  readonly providers: readonly string[];
  readonly consumers: readonly string[];
  /** Why its providers cannot be read just now; empty when they can. */
  readonly problem?: string;
}

export interface InterfaceReading {
  /** One for each group and version that somebody provides or asks for. */
  readonly services: readonly RegistryService[];
  readonly consumers: readonly Consumer[];
}

interface Provider {
  readonly instance: Instance;
  readonly group: string;
  readonly version: string;
}

const ID_SHOWN_MAX = 200;

/**
 * Reads one interface of Dubbo's interface-level registry. Never throws; a name that cannot be read is listed, and changes
 * nothing about the others. Of several entries for one protocol, host and port the latest counts: a restarted provider
 * leaves its old entry behind until that session expires (dubbo#98).
 */
export function readInterface({ node, providers, consumers, problem = "" }: InterfaceFolder): InterfaceReading {
  const decoded = decodeName(node);
  const name = decoded ?? node;
  const unreadable: UnreadableInstance[] = [];
  const latest = new Map<string, Provider>();
  for (const entry of [...providers].sort(compare)) {
    const provider = decoded === null ? "its folder's name has a broken percent escape" : readProvider(name, entry);
    if (provider === null) continue;
    if (typeof provider === "string") {
      unreadable.push({ service: name, id: shortened(entry), problem: provider });
      continue;
    }
    const key = JSON.stringify([provider.instance.service, provider.instance.id]);
    const known = latest.get(key);
    if (known === undefined || known.instance.registeredAtMs <= provider.instance.registeredAtMs)
      latest.set(key, provider);
  }
  if (problem !== "") unreadable.push({ service: name, id: "", problem });
  const provided = [...latest.values()];
  const asked = decoded === null ? [] : readConsumers(name, consumers, provided);
  const byService = Map.groupBy(provided, ({ instance }) => instance.service);
  const names = new Set([
    ...byService.keys(),
    ...asked.map(({ service }) => service),
    ...(unreadable.length > 0 ? [name] : []),
  ]);
  return {
    services: [...names].sort(compare).map((service) => ({
      name: service,
      instances: (byService.get(service) ?? []).map(({ instance }) => instance).sort((a, b) => compare(a.id, b.id)),
      unreadable: service === name ? unreadable : [],
    })),
    consumers: asked,
  };
}

/**
 * Name of a service as routes know it. Without group and version it is the interface; else
 * `com.foo.Bar-v-1.0.0-g-blue`. A Java name has no hyphen, so the parts cannot be confused; what a name of ours cannot hold
 * becomes `_`, and then a hash of the whole key keeps names apart.
 */
export function dubboServiceName(name: string, group: string, version: string): string {
  const parts = [name, ...(version === "" ? [] : ["v", version]), ...(group === "" ? [] : ["g", group])];
  const plain = parts.join("-");
  if ([version, group].every((part) => /^[A-Za-z0-9._]*$/.test(part)) && plain.length <= 128) return plain;
  const hash = createHash("sha256")
    .update(JSON.stringify([name, group, version]))
    .digest("hex")
    .slice(0, 12);
  const readable = parts.map((part) => part.replace(/[^A-Za-z0-9._]/gu, "_")).join("-");
  return `${readable.slice(0, 128 - "-h-".length - hash.length)}-h-${hash}`;
}

/** What stands for something else in a provider's place: nobody, rules of Dubbo 2, callers. */
const NO_PROVIDERS: ReadonlySet<string> = new Set(["empty", "override", "route", "consumer"]);

/** Null: not a provider (Dubbo writes `empty://` and rules into the same folders); a string: what is wrong with it. */
function readProvider(name: string, entry: string): Provider | string | null {
  const read = parseDubboUrl(entry);
  if (!read.ok) return read.problem;
  const { protocol, host, port, parameters } = read.value;
  if (NO_PROVIDERS.has(protocol) || parameters.get("side") === "consumer") return null;
  if ((parameters.get("category") ?? "providers") !== "providers") return null;
  const names = parameters.get("interface") ?? name;
  if (names !== name) return "it names another interface than its folder";
  const address = hostAddress({ ok: true, value: host });
  if (!address.ok) return address.problem;
  if (port === null) return "it has no port";
  const group = parameters.get("group") ?? "";
  const version = parameters.get("version") ?? "";
  const tls = protocol === "https" || parameters.get("ssl-enabled") === "true";
  const instance: Instance = {
    service: dubboServiceName(name, group, version),
    id: `${protocol}@${host.includes(":") ? `[${host}]` : host}:${port}`,
    address: host,
    port,
    protocol,
    tls,
    metadata: boundedMetadata([...parameters]),
    serving: parameters.get("disabled") !== "true" && parameters.get("enabled") !== "false",
    weight: readWeight(parameters.get("weight")),
    presence: "present",
    origin: "dubbo-interface",
    registeredAtMs: readTimestamp(parameters.get("timestamp")),
  };
  return { instance, group, version };
}

/** What the consumers of one interface come to at most: each may call every service there is of it. */
const CONSUMERS_MAX = 20_000;

/** A consumer calls every service it may: `*` and lists of groups and versions match what is provided. */
function readConsumers(name: string, entries: readonly string[], provided: readonly Provider[]): Consumer[] {
  const kinds = [...new Map(provided.map((one) => [one.instance.service, one])).values()];
  // Most ask for the same: what they match is looked for once.
  const known = new Map<string, readonly string[]>();
  const consumers: Consumer[] = [];
  for (const entry of entries) {
    const read = parseDubboUrl(entry);
    if (!read.ok || read.value.protocol === "empty") continue;
    const { host, parameters } = read.value;
    if ((parameters.get("interface") ?? name) !== name) continue;
    const group = parameters.get("group") ?? "";
    const version = parameters.get("version") ?? "";
    const exact = dubboServiceName(name, group, version);
    const services = known.get(exact) ?? servicesFor(exact, { group, version }, kinds);
    known.set(exact, services);
    const application = shortened(parameters.get("application") ?? "");
    const protocol = shortened(parameters.get("protocol") ?? "");
    for (const service of services.slice(0, CONSUMERS_MAX - consumers.length))
      consumers.push({ application, service, address: host, protocol });
    if (consumers.length === CONSUMERS_MAX) break;
  }
  return consumers;
}

/** By name; the one that was asked for by name when nobody provides any of them. */
function servicesFor(
  exact: string,
  asked: { readonly group: string; readonly version: string },
  kinds: readonly Provider[],
): readonly string[] {
  const groups = new Set(asked.group.split(","));
  const versions = new Set(asked.version.split(","));
  const isPattern = [asked.group, asked.version].some((text) => text === "*" || text.includes(","));
  if (!isPattern) return [exact];
  const matching = kinds.filter(
    ({ group, version }) =>
      (asked.group === "*" || groups.has(group)) && (asked.version === "*" || versions.has(version)),
  );
  return matching.length === 0 ? [exact] : matching.map(({ instance }) => instance.service).sort(compare);
}

function readTimestamp(text = ""): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : 0;
}

function shortened(text: string): string {
  return text.length <= ID_SHOWN_MAX ? text : `${text.slice(0, ID_SHOWN_MAX)}…`;
}
