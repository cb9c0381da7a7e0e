import { isIPv6 } from "node:net";
import { z } from "zod";
import { inRange, parseAddress, parseAddressRange } from "#domain/address-range.ts";
import { isCallable, type Instance, type UnreadableInstance } from "#domain/instance.ts";
import { decode, type Decoded } from "./codec.ts";

/** Entries are a few hundred bytes; a larger one is not read. */
export const INSTANCE_BYTES_MAX = 64 * 1024;
/** Ports of one Dubbo process that are looked at. */
const ENDPOINTS_MAX = 64;
const METADATA_MAX = 64;
const METADATA_TEXT_MAX = 1024;
/** As in a person's setting (`InstanceSetting`). */
const WEIGHT_MAX = 1000;

const SPRING = "org.springframework.cloud.zookeeper.discovery.ZookeeperInstance";
const DUBBO = "org.apache.dubbo.registry.zookeeper.ZookeeperInstance";

/** Curator reads "1" as 1, and writes null for what is not set. */
const Port = z
  .union([
    z.int(),
    z
      .string()
      .regex(/^\d{1,5}$/)
      .transform(Number),
  ])
  .nullish();

/** A Curator `ServiceInstance`; members not listed are ignored, as Curator does. */
const Entry = z.object({
  address: z.string().nullish(),
  port: Port,
  sslPort: Port,
  payload: z.unknown().optional(),
  /** Of no consequence for traffic: what it cannot be is as good as not said. */
  registrationTimeUTC: z
    .union([
      z.number(),
      z
        .string()
        .regex(/^\d{1,16}$/)
        .transform(Number),
    ])
    .nullish()
    .catch(null),
  uriSpec: z.unknown().optional(),
  enabled: z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]).nullish(),
});
type Entry = z.infer<typeof Entry>;

interface Payload {
  /** Java class; opaque text, empty when there is none. */
  readonly className: string;
  readonly members: Readonly<Record<string, unknown>>;
}

/**
 * Reads a registry entry as Curator, Spring Cloud or Dubbo (application level) writes it. Anybody may write there:
 * whatever the bytes are, this returns and never throws.
 * @param id the node's name.
 */
export function parseInstance(service: string, id: string, data: Buffer): Instance | UnreadableInstance {
  if (data.length === 0) return { service, id, problem: "it is empty" };
  if (data.length > INSTANCE_BYTES_MAX)
    return { service, id, problem: `it is larger than ${INSTANCE_BYTES_MAX / 1024} KiB, the most that is read` };
  const entry = decode(data, Entry, INSTANCE_BYTES_MAX);
  if (!entry.ok) return { service, id, problem: entry.problem };
  const payload = readPayload(entry.value.payload);
  const metadata = readMetadata(payload);
  const address = hostAddress(readAddress(entry.value.address));
  if (!address.ok) return { service, id, problem: address.problem };
  const endpoint = readEndpoint(entry.value, payload);
  if (!endpoint.ok) return { service, id, problem: endpoint.problem };
  const status = metadata["instance_status"]?.trim() ?? "";
  return {
    service,
    id,
    address: address.value,
    ...endpoint.value,
    metadata,
    serving: entry.value.enabled !== false && (status === "" || status === "UP"),
    weight: readWeight(metadata["weight"]),
    presence: "present",
    origin: payload.className === SPRING ? "spring-cloud" : payload.className === DUBBO ? "dubbo" : "curator",
    registeredAtMs: readTime(entry.value.registrationTimeUTC ?? 0),
  };
}

/** Tells the two results apart. */
export function isReadable(entry: Instance | UnreadableInstance): entry is Instance {
  return !("problem" in entry);
}

/** Null, a string, an object with `@class`, or `[class, value]`; the class is opaque text. */
function readPayload(payload: unknown): Payload {
  if (Array.isArray(payload) && payload.length === 2 && typeof payload[0] === "string") {
    return { className: payload[0], members: isRecord(payload[1]) ? payload[1] : {} };
  }
  if (!isRecord(payload)) return { className: "", members: {} };
  const { "@class": className, ...members } = payload;
  return { className: typeof className === "string" ? className : "", members };
}

/** The payload's `metadata` (Spring, Dubbo, and ours), or the members of a plain map. Scalars only, as text. */
function readMetadata(payload: Payload): Record<string, string> {
  const source = isRecord(payload.members["metadata"]) ? payload.members["metadata"] : payload.members;
  const pairs = Object.entries(source).flatMap(([key, value]): [string, string][] =>
    typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? [[key, String(value)]] : [],
  );
  return boundedMetadata(pairs);
}

/** The first so many labels that are neither nameless nor too long. */
export function boundedMetadata(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  return Object.fromEntries(
    pairs
      .filter(
        ([key, value]) =>
          key !== "@class" && key !== "" && key.length <= METADATA_TEXT_MAX && value.length <= METADATA_TEXT_MAX,
      )
      .slice(0, METADATA_MAX),
  );
}

/** Latest moment there is (ECMA-262 §21.4.1.1), ms. */
const TIME_MAX_MS = 8.64e15;

function readTime(timeMs: number): number {
  return timeMs > 0 && timeMs <= TIME_MAX_MS ? Math.trunc(timeMs) : 0;
}

/** No host has one of these: unspecified, multicast, broadcast. */
const NO_HOSTS = ["0.0.0.0/8", "::/128", "224.0.0.0/4", "ff00::/8", "255.255.255.255"].flatMap(
  (text) => parseAddressRange(text) ?? [],
);

/** An address that requests can be sent to; anything else is refused. */
export function hostAddress(address: Decoded<string>): Decoded<string> {
  const parsed = address.ok ? parseAddress(address.value) : null;
  return address.ok && parsed !== null && NO_HOSTS.some((range) => inRange(range, parsed))
    ? { ok: false, problem: `${address.value} is the address of no single host` }
    : address;
}

/** A host name or an IP literal, without brackets or zone; anything else is refused. */
export function readAddress(text: string | null | undefined): Decoded<string> {
  const plain = (text ?? "").trim().replace(/^\[(.*)\]$/, "$1");
  // A zone means something on its own machine only.
  const address = isIPv6(plain) ? plain.replace(/%.*$/, "") : plain;
  if (address === "") return { ok: false, problem: "it has no address" };
  const usable =
    address.length <= 253 && (/^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_.])?$/.test(address) || isIPv6(address));
  return usable
    ? { ok: true, value: address }
    : { ok: false, problem: "its address is neither a host name nor an IP address" };
}

/** A registered weight: a whole number, at most 1000; null when it is none. */
export function readWeight(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Math.min(WEIGHT_MAX, Number(text)) : null;
}

/** Where requests go, and what is spoken there. Curator's `https` port wins, as in Spring Cloud. */
function readEndpoint(entry: Entry, payload: Payload): Decoded<Pick<Instance, "port" | "protocol" | "tls">> {
  const tls = isSecure(entry);
  const dubbo = payload.className === DUBBO ? dubboEndpoint(entry.port ?? null, payload) : null;
  const spoken = dubbo?.protocol ?? literalScheme(entry.uriSpec) ?? "http";
  const port = tls ? entry.sslPort : (dubbo?.port ?? entry.port);
  if (port === null || port === undefined) return { ok: false, problem: "it has no port" };
  if (port < 1 || port > 65_535) return { ok: false, problem: `${port} is not a port` };
  const protocol = tls ? "https" : spoken;
  return { ok: true, value: { port, protocol, tls: tls || protocol === "https" } };
}

function isSecure(entry: Entry): boolean {
  return typeof entry.sslPort === "number" && entry.sslPort > 0;
}

const Protocol = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9+.-]{0,31}$/)
  .transform((name) => name.toLowerCase());

const UriSpec = z.object({
  parts: z.array(z.object({ value: z.string(), variable: z.boolean().default(false) })).min(1),
});

/**
 * The scheme that a Curator `uriSpec` writes out, `https` of `https://{address}:{port}`; null when it leaves it open, which is
 * usual (`{scheme}://{address}:{port}`), or cannot be read. What the rest of it says is not used.
 */
function literalScheme(uriSpec: unknown): string | null {
  const parsed = UriSpec.safeParse(uriSpec);
  const [first] = parsed.success ? parsed.data.parts : [];
  const scheme = first?.variable === false ? /^([^:/]*):\/\//.exec(first.value)?.[1] : undefined;
  const protocol = Protocol.safeParse(scheme);
  return protocol.success ? protocol.data : null;
}

const DubboEndpoint = z.object({ port: z.int().min(1).max(65_535), protocol: Protocol });
type DubboEndpoint = z.infer<typeof DubboEndpoint>;

/**
 * Of a Dubbo process's ports the one that can be called, else the one its entry names, else the first. `dubbo.endpoints` is
 * JSON in a string, and may be too long to be kept as a label.
 */
function dubboEndpoint(port: number | null, { members }: Payload): DubboEndpoint | null {
  const metadata = isRecord(members["metadata"]) ? members["metadata"] : {};
  const text = metadata["dubbo.endpoints"];
  const listed = decode(Buffer.from(typeof text === "string" ? text : ""), z.array(z.unknown()), INSTANCE_BYTES_MAX);
  const endpoints = (listed.ok ? listed.value.slice(0, ENDPOINTS_MAX) : []).flatMap((each) => {
    const endpoint = DubboEndpoint.safeParse(each);
    return endpoint.success ? [endpoint.data] : [];
  });
  const named = port === null ? endpoints[0] : { port, protocol: "dubbo" };
  return endpoints.find(isCallable) ?? endpoints.find((endpoint) => endpoint.port === port) ?? named ?? null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
