import type { z } from "zod";
import { canonicalJson } from "#domain/canonical-json.ts";
import { Acknowledgement, GatewayRegistration } from "#domain/gateway-info.ts";
import { isSameValue } from "#domain/same-value.ts";
import { failpoint } from "#platform/failpoint.ts";
import type { Part } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import { openCachedReader, readEach } from "./cached-reader.ts";
import { decode } from "./codec.ts";
import { levelLoop } from "./level-loop.ts";
import { openListeners } from "./listeners.ts";
import type { NodeReading } from "./operations.ts";
import { paths } from "./paths.ts";
import { registerInstance } from "./register-instance.ts";
import { compare } from "./registry-hold.ts";
import type { DeclaredEphemeral } from "./ephemeral.ts";
import type { ZooKeeper } from "./session.ts";

/** Largest node of a gateway that is read, bytes. */
export const ACKNOWLEDGEMENT_BYTES_MAX = 256 * 1024;
const EVERY_MS = 30_000;

/** Keeps `<root>/gateways/<id>` there while the gateway runs. */
export function announceGateway(
  zk: ZooKeeper,
  root: string,
  registration: GatewayRegistration,
): { withdraw(): Promise<void> } {
  return zk.declareEphemeral(`${paths.gateways(root)}/${registration.id}`, encode(registration));
}

/** Where Turbine 1's ZookeeperInstanceDiscovery looks unless it is told otherwise. */
export const TURBINE_ROOT = "/hystrix-event";

/**
 * Keeps the gateway registered as an instance of a Turbine cluster while it runs. Turbine puts the address and
 * `turbine.instanceUrlSuffix` (`:{server-port}/hystrix.stream`) together to find the stream.
 */
export function registerForTurbine(
  zk: ZooKeeper,
  cluster: string,
  { id, adminUrl }: Pick<GatewayRegistration, "id" | "adminUrl">,
): { withdraw(): Promise<void> } {
  const { hostname, port, protocol } = new URL(adminUrl);
  return registerInstance(zk, {
    root: TURBINE_ROOT,
    service: cluster,
    id,
    address: hostname,
    port: Number(port || (protocol === "https:" ? 443 : 80)),
    metadata: null,
  });
}

/** Keeps `<root>/acks/<id>` telling what the gateway has applied; nothing is written before the first `update`. */
export function acknowledge(
  zk: ZooKeeper,
  root: string,
  id: string,
): { update(ack: Acknowledgement): void; withdraw(): Promise<void> } {
  let node: DeclaredEphemeral | undefined;
  return {
    update(ack) {
      failpoint("gateway.before-acknowledgement");
      const data = encode(fitting(ack));
      if (node === undefined) node = zk.declareEphemeral(`${paths.acknowledgements(root)}/${id}`, data);
      else node.update(data);
    },
    withdraw: async () => node?.withdraw(),
  };
}

/** What an acknowledgement's list of refused documents takes at most, bytes. */
const REFUSED_BYTES_MAX = 128 * 1024;

/**
 * The acknowledgement with no more of what was refused than a node holds and a console reads. A gateway of an older
 * version may refuse every document there is, and has to say so all the same.
 */
export function fitting(ack: Acknowledgement): Acknowledgement {
  // What is no document (the head, the disk) is said in any case.
  const ordered = [...ack.refused].sort((a, b) => Number(a.key.includes("/")) - Number(b.key.includes("/")));
  let bytes = 0;
  const end = ordered.findIndex((one) => (bytes += Buffer.byteLength(canonicalJson(one)) + 1) > REFUSED_BYTES_MAX);
  if (end === -1) return ack;
  const more = { key: "more", revision: ack.revision, reason: `${ordered.length - end} more documents are refused` };
  return { ...ack, refused: [more, ...ordered.slice(0, end)] };
}

/** Gateways as they announce themselves, sorted by id. While ZooKeeper is away, as last read. */
export interface GatewayPresence {
  readonly registrations: readonly GatewayRegistration[];
  readonly acknowledgements: readonly Acknowledgement[];
}

export interface GatewayWatch extends Part {
  current(): GatewayPresence;
  /** Called when it changed; returns its undo. */
  onChange(listener: (presence: GatewayPresence) => void): () => void;
}

/** Watches the announcements and acknowledgements of all gateways. What cannot be read is left out, and logged. */
export function watchGateways(zk: ZooKeeper, root: string, log: Log): GatewayWatch {
  const listeners = openListeners<GatewayPresence>("the gateways", log);
  let current: GatewayPresence = { registrations: [], acknowledgements: [] };
  const reader = openCachedReader(zk, { onStale: () => loop.wake() });
  const loop = levelLoop(zk, {
    name: "gateways",
    log,
    everyMs: EVERY_MS,
    onPeriod: () => reader.forgetAll(),
    work: pass,
  });

  const readRegistrations = openFolder(paths.gateways(root), GatewayRegistration);
  const readAcknowledgements = openFolder(paths.acknowledgements(root), Acknowledgement);

  async function pass(): Promise<void> {
    const [registrations, acknowledgements] = await Promise.all([readRegistrations(), readAcknowledgements()]);
    reader.sweep();
    const next: GatewayPresence = { registrations, acknowledgements };
    const changed = !isSameValue(next, current);
    current = next;
    if (changed) listeners.tell(next);
  }

  /** What was taken apart once is not again: one of many gateways changes at a time. */
  function openFolder<Schema extends z.ZodType>(
    folder: string,
    schema: Schema,
  ): () => Promise<readonly z.output<Schema>[]> {
    const known = new WeakMap<NodeReading, readonly z.output<Schema>[]>();
    const valueOf = (path: string, node: NodeReading): readonly z.output<Schema>[] => {
      const decoded = decode(node.data, schema, ACKNOWLEDGEMENT_BYTES_MAX);
      if (!decoded.ok) log.warn({ path, problem: decoded.problem }, "a gateway's node cannot be read");
      return decoded.ok ? [decoded.value] : [];
    };
    return async () => {
      const names = [...((await reader.children(folder)) ?? [])].sort(compare);
      const found = await readEach(names, async (name) => {
        const path = `${folder}/${name}`;
        const node = await reader.node(path);
        if (node === null) return [];
        const value = known.get(node) ?? valueOf(path, node);
        known.set(node, value);
        return value;
      });
      return found.flat();
    };
  }

  return {
    name: "gateway watch",
    current: () => current,
    onChange: listeners.add,
    async stop() {
      listeners.clear();
      await loop.stop();
    },
  };
}

function encode(value: GatewayRegistration | Acknowledgement): Buffer {
  return Buffer.from(canonicalJson(value));
}
