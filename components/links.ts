/** Which moments of the mesh are shown; null stands for now. Unix epoch, ms. */
export interface MomentAddress {
  readonly atMs: number | null;
  /** The moment that it is compared with. */
  readonly comparedMs?: number | null;
  /** Sequence of the audit entry that led there: its marker stands out. */
  readonly entry?: number;
  /** Node or edge that is selected there. */
  readonly selected?: string;
}

/** Every address of the console. Parameters are escaped here and nowhere else. */
export const links = {
  overview: (): string => "/overview",
  topology: (selected?: string): string =>
    selected === undefined ? "/topology" : `/topology?select=${encodeURIComponent(selected)}`,
  /** The mesh at a moment, by itself or compared with another. */
  topologyMoments: (address: MomentAddress): string => {
    const { atMs, comparedMs, entry, selected } = address;
    const params = new URLSearchParams({
      ...(atMs !== null && { at: new Date(atMs).toISOString() }),
      ...(comparedMs !== undefined && { compare: comparedMs === null ? "now" : new Date(comparedMs).toISOString() }),
      ...(entry !== undefined && { entry: entry.toString() }),
      ...(selected !== undefined && { select: selected }),
    }).toString();
    return params === "" ? "/topology" : `/topology?${params}`;
  },
  /** The topology as a saved view shows it. */
  topologyView: (id: string): string => `/topology?saved=${encodeURIComponent(id)}`,
  services: (): string => "/services",
  /** `search` narrows the list. */
  instances: (search?: string): string =>
    search === undefined ? "/instances" : `/instances?q=${encodeURIComponent(search)}`,
  service: (name: string): string => `/services/${encodeURIComponent(name)}`,
  /** What the registry holds of a service that cannot be read. */
  unreadableEntries: (service: string): string => `/services/${encodeURIComponent(service)}#unreadable`,
  routes: (): string => "/routes",
  /** An empty form, or one filled in as the route `from` is. */
  newRoute: (from?: string): string =>
    from === undefined ? "/routes/new" : `/routes/new?from=${encodeURIComponent(from)}`,
  route: (id: string): string => `/routes/${encodeURIComponent(id)}`,
  simulator: (): string => "/simulator",
  breakers: (): string => "/breakers",
  /** `key` is a command key (`checkout->payments`) or `service:payments` for all calls to a service. */
  breaker: (key: string): string => `/breakers/${encodeURIComponent(key)}`,
  /** `key` is `service/command`. */
  jvmCommand: (key: string): string => `/breakers/jvm/${encodeURIComponent(key)}`,
  audit: (search?: string): string => (search === undefined ? "/audit" : `/audit?q=${encodeURIComponent(search)}`),
  /** The log from one entry backwards, with that entry open. */
  auditEntry: (sequence: number): string => `/audit?entry=${sequence.toString()}`,
  gateways: (): string => "/gateways",
  sync: (): string => "/sync",
  /** What was found changed in ZooKeeper; `search` narrows the list. */
  drift: (search?: string): string =>
    search === undefined ? "/sync#drift" : `/sync?q=${encodeURIComponent(search)}#drift`,
  /** From where on services are called degraded or failing; `search` narrows the overrides, to those of one service. */
  healthSettings: (search?: string): string =>
    search === undefined ? "/settings/health" : `/settings/health?q=${encodeURIComponent(search)}`,
  signIn: (next?: string): string => (next === undefined ? "/sign-in" : `/sign-in?next=${encodeURIComponent(next)}`),
} as const;

/**
 * Where to go after signing in: `next` when it is a path of this console, else the topology.
 * Anything that could lead to another site (`//host`, `/\host`, a scheme) is refused.
 */
export function safeNext(next: string | null): string {
  return next !== null && /^\/(?![/\\])/.test(next) ? next : links.topology();
}
