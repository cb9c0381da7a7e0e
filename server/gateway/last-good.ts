import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { EMPTY_REGISTRY, type RegistryPicture } from "#domain/instance.ts";
import { POLICY_KINDS } from "#domain/policy.ts";
import type { Log } from "#platform/log.ts";
import type { SavedCommand } from "./command.ts";
import { readDocuments, readPolicyLines, type SavedPolicy } from "./policy-lines.ts";
import { readSavedFile } from "./saved-file.ts";

const SavedInstance = z.object({
  service: z.string(),
  id: z.string(),
  address: z.string(),
  port: z.int(),
  tls: z.boolean(),
  // This and the other two are absent from what versions wrote that read HTTP services only.
  protocol: z.string().default("http"),
  metadata: z.record(z.string(), z.string()),
  serving: z.boolean(),
  weight: z.int().nullable().default(null),
  presence: z.enum(["present", "leaving", "unconfirmed"]).default("present"),
  origin: z.enum(["curator", "spring-cloud", "dubbo", "dubbo-interface"]),
  registeredAtMs: z.number(),
});
const SavedUnreadable = z.object({ service: z.string(), id: z.string(), problem: z.string() });

const SavedRegistry = z
  .object({
    services: z.array(
      z.object({ name: z.string(), instances: z.array(SavedInstance), unreadable: z.array(SavedUnreadable) }),
    ),
    readAtMs: z.number(),
  })
  // Who consumes what is not for those who serve.
  .transform((saved): RegistryPicture => ({ ...EMPTY_REGISTRY, ...saved }));
const SavedPicture = z.object({ v: z.literal(1), registry: SavedRegistry });
/** What versions without a log of changes wrote: policy and registry in one file. */
const OlderSnapshot = z.object({
  v: z.literal(1),
  policy: z.object({
    incarnation: z.string(),
    revision: z.int(),
    root: z.string(),
    routes: z.array(z.unknown()),
    breakers: z.array(z.unknown()),
    overrides: z.array(z.unknown()),
    // Absent from what versions before service policies wrote.
    services: z.array(z.unknown()).default([]),
  }),
  registry: z.unknown(),
});
const SavedBreakers = z.object({
  v: z.literal(1),
  breakers: z.record(
    z.string(),
    z.object({
      sinceEpochMs: z.int(),
      untilEpochMs: z.int(),
      cause: z.string(),
      // Absent from what versions without back-off wrote.
      trips: z.int().min(1).default(1),
      outage: z.object({ sinceMs: z.int(), cause: z.string() }).nullable().default(null),
    }),
  ),
});

/** What a gateway last ran by. */
export interface LastGood extends SavedPolicy {
  /** Null: unknown. */
  readonly registry: RegistryPicture | null;
}

/** Paths of what a gateway keeps on disk. */
export interface StateFiles {
  /** Null: policy and registry are kept by another process. */
  readonly shared: {
    readonly policy: string;
    readonly registry: string;
    /** Both, as older versions kept them. */
    readonly older: string;
  } | null;
  readonly breakers: string | null;
}

/** Where a gateway keeps its state below the data folder. */
export function stateFiles(dataDir: string, gatewayId: string): StateFiles {
  const at = (name: string): string => join(dataDir, gatewayId, name);
  const shared = { policy: at("policy.log"), registry: at("registry.json"), older: at("snapshot.json") };
  return { shared, breakers: at("breakers.json") };
}

/** Where one of a gateway's workers keeps its state: its breakers, and nothing else. */
export function workerStateFiles(dataDir: string, gatewayId: string, worker: number): StateFiles {
  return { shared: null, breakers: join(dataDir, gatewayId, `breakers-worker-${worker}.json`) };
}

/**
 * The last good policy, and the registry where that is known; null when there is no policy that can be trusted. A document
 * that cannot be used is left out, and named. Never throws: a gateway starts either way.
 */
export async function readLastGood({ shared }: StateFiles, log: Log): Promise<LastGood | null> {
  if (shared === null) return null;
  const text = await readIfThere(shared.policy, log);
  if (text === null) return readOlder(shared.older, log);
  const policy = tried(shared.policy, log, () => readPolicyLines(text));
  if (policy === null) return null;
  const registry = await readSaved(shared.registry, log, (content) => SavedPicture.parse(content).registry);
  return reported({ ...policy, registry }, log);
}

function readOlder(path: string, log: Log): Promise<LastGood | null> {
  return readSaved(path, log, (content) => {
    const { policy, registry } = OlderSnapshot.parse(content);
    const saved = POLICY_KINDS.flatMap((kind) => policy[kind].map((item) => ({ ...Fields.parse(item), kind })));
    const read = readDocuments(saved, { ...policy, documents: saved.length });
    const picture = SavedRegistry.safeParse(registry);
    return reported({ ...read, registry: picture.success ? picture.data : null }, log);
  });
}

const Fields = z.record(z.string(), z.unknown()).catch({});

function reported(lastGood: LastGood, log: Log): LastGood {
  const { refused } = lastGood;
  if (refused.length > 0) log.error({ refused }, "of the saved policy not everything can be used; the rest is");
  return lastGood;
}

async function readIfThere(path: string, log: Log): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT"))
      log.error({ err: error, path }, "what was saved cannot be read; starting without it");
    return null;
  }
}

/** Null when there is none, or none that can be used, which is logged. */
async function readSaved<T>(path: string, log: Log, read: (content: unknown) => T): Promise<T | null> {
  try {
    const content = await readSavedFile(path);
    return content === null ? null : read(content);
  } catch (error) {
    log.error({ err: error, path }, "what was saved cannot be used; starting without it");
    return null;
  }
}

function tried<T>(path: string, log: Log, read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    log.error({ err: error, path }, "what was saved cannot be used; starting without it");
    return null;
  }
}

export function registryContent({ readAtMs, services }: RegistryPicture): z.input<typeof SavedPicture> {
  return {
    v: 1,
    registry: {
      readAtMs,
      services: services.map(({ name, instances, unreadable }) => ({
        name,
        instances: instances.map((instance) => ({ ...instance, metadata: { ...instance.metadata } })),
        unreadable: [...unreadable],
      })),
    },
  };
}

/** Breakers that were open when the gateway last wrote them down; empty when there are none, or none that can be trusted. */
export async function readSavedBreakers(path: string | null, log: Log): Promise<ReadonlyMap<string, SavedCommand>> {
  if (path === null) return new Map();
  try {
    const content = await readSavedFile(path);
    return content === null ? new Map() : new Map(Object.entries(SavedBreakers.parse(content).breakers));
  } catch (error) {
    log.error({ err: error, path }, "saved breaker states cannot be used; all start closed");
    return new Map();
  }
}

export function savedBreakersContent(breakers: ReadonlyMap<string, SavedCommand>): z.input<typeof SavedBreakers> {
  return { v: 1, breakers: Object.fromEntries(breakers) };
}
