/** What a registry entry says of one running copy of a service, after the registry's own format was parsed away. */
export interface Instance {
  readonly service: string;
  /** Unique within the service: the znode's name, or `protocol@address:port` of a Dubbo provider registered by interface. */
  readonly id: string;
  /** Host name or IP literal, without brackets. */
  readonly address: string;
  readonly port: number;
  /** What the port speaks, in lower case: `http`, `https`; of Dubbo's `dubbo`, `tri`, `rest`, `grpc` and any other. */
  readonly protocol: string;
  /** Whether the port speaks TLS (the entry had an `sslPort`, or Dubbo's `ssl-enabled`). */
  readonly tls: boolean;
  /** Flat string metadata: labels such as `version`, `zone`. */
  readonly metadata: Readonly<Record<string, string>>;
  /** False when the instance itself says it must get no traffic (Spring's `instance_status`, Curator's `enabled`, Dubbo's `disabled`). */
  readonly serving: boolean;
  /** Its share as registered, 0 … 1000, 100 being one; null when the entry does not say. A person's setting goes before it. */
  readonly weight: number | null;
  readonly presence: Presence;
  /** Which kind of registrant wrote the entry; `dubbo` is application-level discovery, `dubbo-interface` the older registry. */
  readonly origin: "curator" | "spring-cloud" | "dubbo" | "dubbo-interface";
  /** Unix epoch, ms; 0 when the entry does not say. */
  readonly registeredAtMs: number;
}

/**
 * `present`: its entry is there. `leaving`: its entry has just gone, and may be back in a moment, since registrants delete
 * and re-create theirs. `unconfirmed`: it vanished together with most others, which is not believed at once.
 */
export type Presence = "present" | "leaving" | "unconfirmed";

/** What a gateway can call: HTTP/1.1, with TLS or without. `rest` is Dubbo's name for that. */
const CALLABLE_PROTOCOLS: ReadonlySet<string> = new Set(["http", "https", "rest"]);

/** Whether requests can be sent to it at all; instances of other protocols are shown, and never called. */
export function isCallable({ protocol }: Pick<Instance, "protocol">): boolean {
  return CALLABLE_PROTOCOLS.has(protocol);
}

/** `address:port` as a Host field or a URL has it: an IPv6 literal in brackets (RFC 3986 §3.2.2). */
export function authorityOf({ address, port }: Pick<Instance, "address" | "port">): string {
  return `${address.includes(":") ? `[${address}]` : address}:${port}`;
}

/** A registry entry that could not be read: shown to people, never used for traffic. */
export interface UnreadableInstance {
  readonly service: string;
  readonly id: string;
  readonly problem: string;
}

/** Everything the registry held at one reading. Services and instances are sorted by name and id. */
export interface RegistryPicture {
  readonly services: readonly RegistryService[];
  /** Who has said that it calls what (Dubbo's consumers), sorted by application and service. */
  readonly consumers: readonly Consumer[];
  readonly truncated: Truncated;
  /** Unix epoch ms of the last complete, successful read; 0 before the first. */
  readonly readAtMs: number;
}

export interface RegistryService {
  readonly name: string;
  readonly instances: readonly Instance[];
  readonly unreadable: readonly UnreadableInstance[];
}

/** A process that registered as a caller of a service. */
export interface Consumer {
  /** Its application; empty when it does not say. */
  readonly application: string;
  /** Name of the service it calls, as in `RegistryService`. */
  readonly service: string;
  /** Host name or IP literal, without brackets. */
  readonly address: string;
  /** The protocol it asks for; empty when any will do. */
  readonly protocol: string;
}

/** How much the registry holds beyond what is read. */
export interface Truncated {
  readonly services: number;
  readonly instances: number;
  readonly consumers: number;
}

export const NOT_TRUNCATED: Truncated = { services: 0, instances: 0, consumers: 0 };

export const EMPTY_REGISTRY: RegistryPicture = {
  services: [],
  consumers: [],
  truncated: NOT_TRUNCATED,
  readAtMs: 0,
};
