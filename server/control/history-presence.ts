import { promisify } from "node:util";
import { deflateRaw, inflateRaw } from "node:zlib";
import { z } from "zod";
import { readBaseline, readPresence, type PresenceRow } from "#db/traffic-presence-repository.ts";
import type { TrafficTx } from "#db/traffic-store.ts";
import type { Consumer, Instance } from "#domain/instance.ts";

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** Guards against a row nobody of ours wrote, bytes: the largest registry that is shown takes a tenth. */
const MAX_UNPACKED = 64 * 1024 * 1024;
/** Rows between two baselines that are gone through; a registry in which more happens is not known after that. */
const ROWS_MAX = 100_000;

/** Who was there: instances by service and id, gateways by id. */
export interface Presence {
  readonly instances: ReadonlyMap<string, Instance>;
  readonly gateways: ReadonlySet<string>;
  readonly consumers: readonly Consumer[];
}

export function instanceKey({ service, id }: Pick<Instance, "service" | "id">): string {
  return `${service}\n${id}`;
}

const KeptInstance = z.object({
  service: z.string(),
  id: z.string(),
  address: z.string(),
  port: z.int(),
  protocol: z.string(),
  tls: z.boolean(),
  metadata: z.record(z.string(), z.string()),
  serving: z.boolean(),
  weight: z.number().nullable(),
  presence: z.literal("present"),
  origin: z.enum(["curator", "spring-cloud", "dubbo", "dubbo-interface"]),
  registeredAtMs: z.number(),
});
const KeptConsumer = z.object({
  application: z.string(),
  service: z.string(),
  address: z.string(),
  protocol: z.string(),
});
const Baseline = z.object({
  instances: z.array(KeptInstance),
  gateways: z.array(z.string()),
  consumers: z.array(KeptConsumer),
});

/** As it is kept: one that is leaving, or not confirmed to have left, is there still. */
export function asKept(instance: Instance): Instance {
  return { ...instance, presence: "present" };
}

/** Packs everything there is. */
export async function packPresence({ instances, gateways, consumers }: Presence): Promise<Uint8Array> {
  const text = JSON.stringify({ instances: [...instances.values()], gateways: [...gateways], consumers });
  return deflate(text);
}

export async function packInstance(instance: Instance): Promise<Uint8Array> {
  return deflate(JSON.stringify(instance));
}

/** An instance as a row has it; null when it cannot be read. */
export async function instanceIn({ detail }: Pick<PresenceRow, "detail">): Promise<Instance | null> {
  return KeptInstance.safeParse(await unpack(detail)).data ?? null;
}

async function unpack(detail: Uint8Array | null): Promise<unknown> {
  if (detail === null) return null;
  try {
    return JSON.parse((await inflate(detail, { maxOutputLength: MAX_UNPACKED })).toString());
  } catch {
    return null;
  }
}

/** Who was there at `atMs` (Unix epoch); null when that is not on record. */
export async function readPresenceAt(tx: TrafficTx, atMs: number): Promise<Presence | null> {
  const row = await readBaseline(tx, atMs);
  if (row === null) return null;
  const baseline = Baseline.safeParse(await unpack(row.detail));
  if (!baseline.success) return null;
  const later = await readPresence(tx, { fromMs: row.atMs, toMs: atMs, limit: ROWS_MAX });
  if (later.length === ROWS_MAX) return null;
  const instances = new Map<string, Instance>(baseline.data.instances.map((one) => [instanceKey(one), one]));
  const gateways = new Set(baseline.data.gateways);
  for (const one of later) await apply(one, instances, gateways);
  return { instances, gateways, consumers: baseline.data.consumers };
}

async function apply(row: PresenceRow, instances: Map<string, Instance>, gateways: Set<string>): Promise<void> {
  const { kind, event, service, name } = row;
  if (kind === "gateway") {
    if (event === "left") gateways.delete(name);
    else gateways.add(name);
    return;
  }
  const key = instanceKey({ service, id: name });
  const instance = event === "left" ? null : await instanceIn(row);
  if (instance === null) instances.delete(key);
  else instances.set(key, instance);
}
