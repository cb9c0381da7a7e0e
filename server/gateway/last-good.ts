import { join } from "node:path";
import { z } from "zod";
import { BreakerPolicySpec } from "#domain/breaker-policy.ts";
import { EMPTY_REGISTRY, type RegistryPicture } from "#domain/instance.ts";
import { OverrideSpec } from "#domain/override.ts";
import { RouteSpec } from "#domain/route.ts";
import { ServicePolicySpec } from "#domain/service-policy.ts";
import type { PolicySnapshot, Published } from "#domain/snapshot.ts";
import type { Log } from "#platform/log.ts";
import type { SavedCommand } from "./command.ts";
import { readSavedFile } from "./saved-file.ts";

const published = <Spec extends z.ZodType>(spec: Spec) =>
  z.array(z.object({ id: z.string(), revision: z.int(), spec }));

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

const SavedSnapshot = z.object({
  v: z.literal(1),
  policy: z.object({
    incarnation: z.string(),
    revision: z.int(),
    root: z.string(),
    routes: published(RouteSpec),
    breakers: published(BreakerPolicySpec),
    overrides: published(OverrideSpec),
    // Absent from what versions before service policies wrote.
    services: published(ServicePolicySpec).default([]),
  }),
  registry: z.object({
    services: z.array(
      z.object({ name: z.string(), instances: z.array(SavedInstance), unreadable: z.array(SavedUnreadable) }),
    ),
    readAtMs: z.number(),
  }),
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
export interface LastGood {
  readonly policy: PolicySnapshot;
  readonly registry: RegistryPicture;
}

/** Paths of what a gateway keeps on disk. */
export interface StateFiles {
  /** Null: kept by another process. */
  readonly snapshot: string | null;
  readonly breakers: string | null;
}

/** Where a gateway keeps its state below the data folder. */
export function stateFiles(dataDir: string, gatewayId: string): { snapshot: string; breakers: string } {
  return { snapshot: join(dataDir, gatewayId, "snapshot.json"), breakers: join(dataDir, gatewayId, "breakers.json") };
}

/** Where one of a gateway's workers keeps its state: its breakers, and nothing else. */
export function workerStateFiles(dataDir: string, gatewayId: string, worker: number): StateFiles {
  return { snapshot: null, breakers: join(dataDir, gatewayId, `breakers-worker-${worker}.json`) };
}

/** The last good policy and registry, or null when there is none, or none that can be trusted. Never throws: a gateway starts either way. */
export async function readLastGood(path: string | null, log: Log): Promise<LastGood | null> {
  if (path === null) return null;
  try {
    const content = await readSavedFile(path);
    if (content === null) return null;
    const { policy, registry } = SavedSnapshot.parse(content);
    return {
      policy: {
        ...policy,
        routes: byId(policy.routes),
        breakers: byId(policy.breakers),
        overrides: byId(policy.overrides),
        services: byId(policy.services),
      },
      registry: { ...EMPTY_REGISTRY, ...registry },
    };
  } catch (error) {
    log.error({ err: error, path }, "the saved snapshot cannot be used; starting without it");
    return null;
  }
}

export function lastGoodContent({ policy, registry }: LastGood): z.input<typeof SavedSnapshot> {
  return {
    v: 1,
    policy: {
      ...policy,
      routes: [...policy.routes.values()],
      breakers: [...policy.breakers.values()],
      overrides: [...policy.overrides.values()],
      services: [...policy.services.values()],
    },
    registry: {
      readAtMs: registry.readAtMs,
      services: registry.services.map(({ name, instances, unreadable }) => ({
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

function byId<Spec>(objects: readonly Published<Spec>[]): ReadonlyMap<string, Published<Spec>> {
  return new Map(objects.map((object) => [object.id, object]));
}
