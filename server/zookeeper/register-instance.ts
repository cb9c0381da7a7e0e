import { randomUUID } from "node:crypto";
import type { ZooKeeper } from "./session.ts";

/** Spring Cloud Zookeeper's default. */
const URI_SPEC = "{scheme}://{address}:{port}";

export interface InstanceRegistration {
  /** Registry root, e.g. `/services`. */
  readonly root: string;
  readonly service: string;
  /** Default: a random UUID. */
  readonly id?: string;
  readonly address: string;
  readonly port: number;
  /** Says that the port speaks TLS; most write the same number in both. Default: none. */
  readonly sslPort?: number | null;
  /** How a URL is made of it, with variables in braces. Default: `{scheme}://{address}:{port}`; null: not said. */
  readonly uriSpec?: string | null;
  /**
   * Labels such as `version`; at home in the payload's metadata, where Spring Cloud reads them. Null: no payload at all, for
   * consumers of a Curator `ServiceInstance<Void>`, which fail on any.
   */
  readonly metadata: Readonly<Record<string, string>> | null;
}

/** Spring Cloud's drain flag; anything but UP means: no traffic. */
export type InstanceStatus = "UP" | "OUT_OF_SERVICE";

export interface RegisteredInstance {
  readonly id: string;
  setStatus(status: InstanceStatus): void;
  /** Resolves when the entry is gone. */
  withdraw(): Promise<void>;
}

/** Third parties register beside us and read what we write; an entry is changed by its process alone. */
export const REGISTERED = { node: "registration", folder: "public", parents: "public" } as const;

/**
 * Keeps an instance in the registry, in Curator's format with Spring Cloud's payload, so that Java consumers of either
 * kind can read it. The entry is ephemeral and comes back by itself after a lost session.
 */
export function registerInstance(zk: ZooKeeper, registration: InstanceRegistration): RegisteredInstance {
  const id = registration.id ?? randomUUID();
  const registeredAtMs = Date.now();
  const entry = (status: InstanceStatus): Buffer => encodeInstance({ ...registration, id }, status, registeredAtMs);
  const node = zk.declareEphemeral(`${registration.root}/${registration.service}/${id}`, entry("UP"), REGISTERED);
  return {
    id,
    setStatus: (status) => node.update(entry(status)),
    withdraw: () => node.withdraw(),
  };
}

/**
 * The entry's bytes: members in the order Jackson writes a Curator `ServiceInstance`, absent values as null. Spring's
 * class name must be exactly this one: a Java consumer fails on a class it does not know.
 */
export function encodeInstance(
  instance: InstanceRegistration & { readonly id: string },
  status: InstanceStatus,
  registeredAtMs: number,
): Buffer {
  const { service, id, address, port, metadata, sslPort = null, uriSpec = URI_SPEC } = instance;
  return Buffer.from(
    asJackson({
      name: service,
      id,
      address,
      port,
      sslPort,
      payload:
        metadata === null
          ? null
          : {
              "@class": "org.springframework.cloud.zookeeper.discovery.ZookeeperInstance",
              id: "application-1",
              name: service,
              metadata: { ...metadata, instance_status: status },
            },
      registrationTimeUTC: registeredAtMs,
      serviceType: "DYNAMIC",
      uriSpec: uriSpec === null ? null : { parts: uriParts(uriSpec) },
    }),
  );
}

/** JSON as Jackson 2 writes it: escapes in capitals, and characters beyond the basic plane as two of them. */
function asJackson(value: unknown): string {
  const escape = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).toUpperCase()}`;
  return JSON.stringify(value)
    .replace(/\\(?:u([0-9a-f]{4})|.)/g, (whole, digits?: string) =>
      digits === undefined ? whole : `\\u${digits.toUpperCase()}`,
    )
    .replace(/[\ud800-\udfff]/g, escape);
}

/** Takes `{scheme}://{address}` apart as Curator's `UriSpec` does: what stands in braces is a variable. */
function uriParts(text: string): readonly { value: string; variable: boolean }[] {
  return text
    .split(/(\{[^{}]*\})/)
    .filter((part) => part !== "")
    .map((part) =>
      part.startsWith("{") && part.endsWith("}")
        ? { value: part.slice(1, -1).trim(), variable: true }
        : { value: part, variable: false },
    );
}
