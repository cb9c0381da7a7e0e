/** What a registry entry says of one running copy of a service, after the registry's own format was parsed away. */
export interface Instance {
  readonly service: string;
  /** Unique within the service; the znode's name. */
  readonly id: string;
  /** Host name or IP literal, without brackets. */
  readonly address: string;
  readonly port: number;
  /** Whether the port speaks TLS (the entry had an `sslPort`). */
  readonly tls: boolean;
  /** Flat string metadata: labels such as `version`, `zone`. */
  readonly metadata: Readonly<Record<string, string>>;
  /** False when the instance itself says it must get no traffic (Spring's `instance_status`, Curator's `enabled`). */
  readonly serving: boolean;
  /** Which kind of registrant wrote the entry. */
  readonly origin: "curator" | "spring-cloud" | "dubbo";
  /** Unix epoch, ms; 0 when the entry does not say. */
  readonly registeredAtMs: number;
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
  /** Unix epoch ms of the last complete, successful read; 0 before the first. */
  readonly readAtMs: number;
}

export interface RegistryService {
  readonly name: string;
  readonly instances: readonly Instance[];
  readonly unreadable: readonly UnreadableInstance[];
}

export const EMPTY_REGISTRY: RegistryPicture = { services: [], readAtMs: 0 };
