import { isIPv6 } from "node:net";
import { z } from "zod";
import type { Instance, UnreadableInstance } from "#domain/instance.ts";
import { decode, type Decoded } from "./codec.ts";

/** Entries are a few hundred bytes; a larger one is not read. */
export const INSTANCE_BYTES_MAX = 64 * 1024;
const METADATA_MAX = 64;
const METADATA_TEXT_MAX = 1024;

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
  payload: z.unknown(),
  registrationTimeUTC: z.number().nullish(),
  enabled: z.boolean().nullish(),
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
  const entry = decode(data, Entry, INSTANCE_BYTES_MAX);
  if (!entry.ok) return { service, id, problem: entry.problem };
  const payload = readPayload(entry.value.payload);
  const metadata = readMetadata(payload);
  const address = readAddress(entry.value.address);
  if (!address.ok) return { service, id, problem: address.problem };
  const port = readPort(entry.value, payload, metadata);
  if (!port.ok) return { service, id, problem: port.problem };
  const status = metadata["instance_status"]?.trim() ?? "";
  return {
    service,
    id,
    address: address.value,
    port: port.value,
    tls: isSecure(entry.value),
    metadata,
    serving: entry.value.enabled !== false && (status === "" || status === "UP"),
    origin: payload.className === SPRING ? "spring-cloud" : payload.className === DUBBO ? "dubbo" : "curator",
    registeredAtMs: Math.max(0, Math.trunc(entry.value.registrationTimeUTC ?? 0)),
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
  return Object.fromEntries(
    pairs
      .filter(
        ([key, value]) =>
          key !== "@class" && key !== "" && key.length <= METADATA_TEXT_MAX && value.length <= METADATA_TEXT_MAX,
      )
      .slice(0, METADATA_MAX),
  );
}

function readAddress(text: string | null | undefined): Decoded<string> {
  const address = (text ?? "").trim().replace(/^\[(.*)\]$/, "$1");
  if (address === "") return { ok: false, problem: "it has no address" };
  const usable =
    address.length <= 253 && (/^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_.])?$/.test(address) || isIPv6(address));
  return usable
    ? { ok: true, value: address }
    : { ok: false, problem: "its address is neither a host name nor an IP address" };
}

/** Curator's `https` port wins, as in Spring Cloud; Dubbo may name its port in `dubbo.endpoints` only. */
function readPort(entry: Entry, payload: Payload, metadata: Readonly<Record<string, string>>): Decoded<number> {
  const port = isSecure(entry)
    ? entry.sslPort
    : (entry.port ?? (payload.className === DUBBO ? dubboPort(metadata) : null));
  if (port === null || port === undefined) return { ok: false, problem: "it has no port" };
  return port >= 1 && port <= 65_535 ? { ok: true, value: port } : { ok: false, problem: `${port} is not a port` };
}

function isSecure(entry: Entry): boolean {
  return typeof entry.sslPort === "number" && entry.sslPort > 0;
}

const DubboEndpoints = z.array(z.object({ port: z.int() })).min(1);

function dubboPort(metadata: Readonly<Record<string, string>>): number | null {
  const endpoints = decode(Buffer.from(metadata["dubbo.endpoints"] ?? ""), DubboEndpoints, INSTANCE_BYTES_MAX);
  return endpoints.ok ? (endpoints.value[0]?.port ?? null) : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
