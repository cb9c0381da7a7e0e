import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import type { z } from "zod";
import type { ZooKeeperStatus } from "#domain/zookeeper-status.ts";
import { backoffMs, pause } from "#platform/backoff.ts";
import type { DeclaredEphemeral } from "#zookeeper/ephemeral.ts";
import { encodeInstance, REGISTERED, type InstanceStatus } from "#zookeeper/register-instance.ts";
import { parseServers, type Server } from "#zookeeper/servers.ts";
import { openZooKeeper, type ZooKeeper, type ZooKeeperOptions } from "#zookeeper/session.ts";
import { healthCheckOf } from "./health-check.ts";
import { addressTowards } from "./own-address.ts";
import { RegistrationSettings } from "./registration-settings.ts";
import { watchHealth, type WatchHealthOptions } from "./watch-health.ts";

/** A session to open, which ends with the registration. Without a log it is silent. */
export type SessionOptions = Omit<ZooKeeperOptions, "log"> & Partial<Pick<ZooKeeperOptions, "log">>;

export interface RegisterOptions extends z.input<typeof RegistrationSettings> {
  /** `host:port[,host:port…][/chroot]`, how to open a session, or one that is open already (then give `address`, too). */
  readonly zookeeper: string | SessionOptions | ZooKeeper;
  /** Hears of every change of state. */
  readonly onChange?: (state: RegistrationState) => void;
  /** Hears how the session to ZooKeeper is doing. */
  readonly onSession?: (status: ZooKeeperStatus) => void;
  /** Told when another process registers under the same name and id, and the two take the entry from each other. */
  readonly onContested?: (path: string) => void;
  /** It is not checked, and so not registered, within this time, ms. Default 0. */
  readonly notWithinMs?: number;
}

/** `waiting`: not well yet, or not written yet. `out`: taken out because it is not well. */
export type RegistrationState =
  | { readonly kind: "waiting"; readonly problem: string }
  | { readonly kind: "registered"; readonly path: string; readonly address: string; readonly port: number }
  | { readonly kind: "out"; readonly problem: string }
  | { readonly kind: "stopped" };

export interface Registration {
  state(): RegistrationState;
  /**
   * Takes the service out of the registry, then waits the drain time, if it was in. Resolves when the service may end.
   * `cut` ends the wait at once. Called again it is the same stop.
   */
  stop(cut?: AbortSignal): Promise<void>;
}

/** Longest wait for ZooKeeper to take the last word, ms; after that the end of the session says it. */
const LAST_WORD_MS = 2000;

/**
 * Registers a service while it is well: the entry appears once the health check passes, goes (or says OUT_OF_SERVICE)
 * when it fails several times in a row, comes back when it passes again, and survives every trouble of ZooKeeper.
 * Returns at once; everything happens in the background and nothing is ever thrown from there.
 * @throws z.ZodError when an option cannot be used; Error when `zookeeper` cannot be read.
 */
export function register(options: RegisterOptions): Registration {
  const { zookeeper, onChange, onSession, onContested, notWithinMs = 0, ...rest } = options;
  const settings = RegistrationSettings.parse(rest);
  const { service, port, whenOut } = settings;
  const { zk, owned, towards } = sessionFor(zookeeper);
  if (towards === null && settings.address === undefined)
    throw new Error("With a session that is open already, `address` must be given.");
  const stopping = new AbortController();
  let state: RegistrationState = { kind: "waiting", problem: "it was not checked yet" };
  let well = false;
  let problem = "";
  let wasIn = false;
  let registeredAtMs = 0;
  let place: { readonly path: string; readonly id: string; readonly address: string } | null = null;
  let node: DeclaredEphemeral | null = null;
  let declared: Buffer | null = null;
  let health: { stop(): void } | undefined;
  let phase: "in" | "marked" | "gone" = "in";
  let carriedOut = Promise.withResolvers<void>();
  let ending: Promise<void> | undefined;

  const stopListening = onSession === undefined ? undefined : zk.onStatus(onSession);
  if (onSession !== undefined) onSession(zk.status());
  void begin();

  async function begin(): Promise<void> {
    const address = settings.address ?? (await ownAddress());
    if (address === null || stopping.signal.aborted) return;
    if (notWithinMs > 0) await pause(notWithinMs, stopping.signal);
    if (stopping.signal.aborted) return;
    const id = settings.id ?? `${address}:${port}`;
    const path = `${settings.root}/${service}/${id}`;
    place = { path, id, address };
    node = zk.declareEphemeral(path, null, { ...REGISTERED, onKept: kept, onContested: () => onContested?.(path) });
    const check = healthCheckOf(settings.health, { address, port, tls: settings.sslPort !== undefined });
    if (check === null) judge("healthy", "");
    else health = watchHealth({ ...timesOf(settings), check, onVerdict: judge });
  }

  /** Asked until there is an answer; null when stopped meanwhile. */
  async function ownAddress(): Promise<string | null> {
    for (let attempt = 0; !stopping.signal.aborted; attempt += 1) {
      try {
        return towards === null ? null : await addressTowards(towards);
      } catch (error) {
        become({ kind: "waiting", problem: `this machine's address is not known (${String(error)})` });
        await pause(backoffMs(attempt, { firstMs: 100, maxMs: 5000 }), stopping.signal);
      }
    }
    return null;
  }

  function judge(kind: "unknown" | "healthy" | "unhealthy", said: string): void {
    problem = said;
    if (kind === "healthy" && !well) registeredAtMs = Date.now();
    well = kind === "healthy";
    if (state.kind === "waiting" && !well) become({ kind: "waiting", problem });
    declare();
  }

  /** Tells the keeper of the node, when there is news: it looks at ZooKeeper each time. */
  function declare(): void {
    const now = wanted();
    if (now === declared || (now !== null && declared?.equals(now) === true)) return;
    declared = now;
    node?.update(now);
  }

  function wanted(): Buffer | null {
    if (phase === "gone") return null;
    if (well && phase === "in") return entry("UP");
    return wasIn && whenOut === "out-of-service" ? entry("OUT_OF_SERVICE") : null;
  }

  function entry(status: InstanceStatus): Buffer | null {
    if (place === null) return null;
    const { root, sslPort = null, uriSpec } = settings;
    const metadata = metadataOf(settings);
    return encodeInstance({ root, service, port, sslPort, uriSpec, metadata, ...place }, status, registeredAtMs);
  }

  /** ZooKeeper was seen to hold `data`. */
  function kept(data: Buffer | null): void {
    const goal = wanted();
    if (place === null || !(data === null ? goal === null : goal?.equals(data) === true)) return;
    if (phase !== "in") return carriedOut.resolve();
    if (well) {
      wasIn = true;
      become({ kind: "registered", path: place.path, address: place.address, port });
    } else if (wasIn) become({ kind: "out", problem });
  }

  function become(next: RegistrationState): void {
    if (JSON.stringify(next) === JSON.stringify(state)) return;
    state = next;
    onChange?.(next);
  }

  async function end(cut: AbortSignal | undefined): Promise<void> {
    const drainMs = state.kind === "registered" ? settings.drainMs : 0;
    stopping.abort();
    health?.stop();
    const marks = whenOut === "out-of-service" && drainMs > 0;
    if (marks) await carryOut("marked");
    else await leave();
    become({ kind: "stopped" });
    await sleep(drainMs, undefined, cut === undefined ? {} : { signal: cut }).catch(() => undefined);
    if (marks) await leave();
  }

  /** True when ZooKeeper was seen to hold what this phase wants, in time. */
  async function carryOut(next: "marked" | "gone"): Promise<boolean> {
    phase = next;
    if (registeredAtMs === 0) return true;
    carriedOut = Promise.withResolvers();
    node?.update(wanted());
    return inTime(carriedOut.promise);
  }

  async function leave(): Promise<void> {
    const gone = await carryOut("gone");
    stopListening?.();
    // In a session of somebody else's, what could not be carried out yet is left to the node's keeper.
    if (owned || gone) await inTime(node?.withdraw());
    // The end of the session takes the entry with it, even where its deletion got lost.
    if (owned) await inTime(zk.stop());
  }

  return { state: () => state, stop: (cut) => (ending ??= end(cut)) };
}

async function inTime(work: Promise<void> | undefined): Promise<boolean> {
  return Promise.race([work?.then(() => true), sleep(LAST_WORD_MS, false, { ref: false })]).then(Boolean);
}

function sessionFor(zookeeper: RegisterOptions["zookeeper"]): {
  readonly zk: ZooKeeper;
  readonly owned: boolean;
  /** Whom to ask for this machine's address; null with a session of the caller's. */
  readonly towards: Server | null;
} {
  if (typeof zookeeper !== "string" && "declareEphemeral" in zookeeper)
    return { zk: zookeeper, owned: false, towards: null };
  const given = typeof zookeeper === "string" ? { servers: zookeeper } : zookeeper;
  const [server] = parseServers(given.servers).servers;
  return { zk: openZooKeeper({ log: pino({ level: "silent" }), ...given }), owned: true, towards: server };
}

function metadataOf(settings: RegistrationSettings): Readonly<Record<string, string>> | null {
  const { payload, version, zone, weight, labels } = settings;
  if (payload === "none") return null;
  return {
    ...(version === undefined ? {} : { version }),
    ...(zone === undefined ? {} : { zone }),
    ...(weight === undefined ? {} : { weight: String(weight) }),
    ...labels,
  };
}

function timesOf(
  settings: RegistrationSettings,
): Pick<WatchHealthOptions, "intervalMs" | "timeoutMs" | "healthyAfter" | "unhealthyAfter"> {
  const { healthIntervalMs: intervalMs, healthTimeoutMs: timeoutMs, healthyAfter, unhealthyAfter } = settings;
  return { intervalMs, timeoutMs, healthyAfter, unhealthyAfter };
}
