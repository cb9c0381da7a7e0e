import { isDeepStrictEqual } from "node:util";
import { writePresence, type PresenceRow } from "#db/traffic-presence-repository.ts";
import type { TrafficStore } from "#db/traffic-store.ts";
import { MeshError } from "#domain/errors.ts";
import type { RegistryPicture } from "#domain/instance.ts";
import type { GatewayStatus } from "#domain/live.ts";
import { systemClock, type Clock } from "#platform/clock.ts";
import type { Part } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import { asKept, instanceKey, packInstance, packPresence, readPresenceAt, type Presence } from "./history-presence.ts";

export interface PresenceRecorderOptions {
  readonly store: TrafficStore;
  readonly isLeader: () => boolean;
  /** As it is believed to be: whoever vanished together with most others is in it until that is confirmed. */
  readonly registry: () => RegistryPicture;
  readonly gateways: () => readonly Pick<GatewayStatus, "id" | "registration" | "lastWindowAtMs">[];
  readonly log: Log;
  readonly clock?: Clock;
}

export interface PresenceRecorder extends Part {
  /** Does now what it does by itself once a second. */
  work(): Promise<void>;
}

const EVERY_MS = 1000;
/** Nothing is read of more than this time to know who was there. */
const BASELINE_MS = 3_600_000;
/** Callers that registered are known as of the last baseline only: one is made for them, but not for each. */
const CONSUMERS_MS = 60_000;
/** A gateway that nobody has heard of for this long has left: its node goes with each restart of ZooKeeper. */
const GATEWAY_GONE_MS = 15_000;
/** Who has just come to lead may not have seen everybody yet, and calls nobody gone. */
const SETTLING_MS = 30_000;

/** While this console leads, puts on record which instances and gateways come, change and go, as it comes to believe it. */
export function recordPresenceHistory(options: PresenceRecorderOptions): PresenceRecorder {
  const { store, isLeader, registry, log } = options;
  const clock = options.clock ?? systemClock;
  const heardMs = new Map<string, number>();
  /** As it is on record; null: to be read. */
  let known: Presence | null = null;
  let seen: { readonly services: RegistryPicture["services"]; readonly instances: Presence["instances"] } | null = null;
  let leadsSinceMs: number | null = null;
  let baselineMs = Number.NEGATIVE_INFINITY;
  let working: Promise<void> = Promise.resolve();

  /** One after the other: each compares with what the one before has written. */
  function work(): Promise<void> {
    const turn = working.then(look);
    working = turn.catch(() => undefined);
    return turn;
  }

  async function look(): Promise<void> {
    if (!isLeader()) {
      known = null;
      leadsSinceMs = null;
      return;
    }
    leadsSinceMs ??= clock.monotonicMs();
    if (registry().readAtMs === 0) return;
    try {
      await record(clock.monotonicMs() - leadsSinceMs < SETTLING_MS);
    } catch (error) {
      // Nobody knows whether it was saved.
      known = null;
      throw error;
    }
  }

  async function record(isSettling: boolean): Promise<void> {
    const atMs = clock.nowMs();
    const before = known ?? (await store.read((tx) => readPresenceAt(tx, atMs)));
    const now = presentNow();
    const after = isSettling && before !== null ? withAll(before, now) : now;
    const rows = before === null ? [] : await changes(before, after, atMs);
    const sinceMs = clock.monotonicMs() - baselineMs;
    const isDue = before === null || sinceMs >= BASELINE_MS;
    const hasCallers = before !== null && !isDeepStrictEqual(before.consumers, after.consumers);
    const isBaseline = isDue || (hasCallers && sinceMs >= CONSUMERS_MS);
    if (isBaseline) rows.push({ ...BASELINE, atMs, detail: await packPresence(after) });
    if (rows.length > 0) await store.write((tx) => writePresence(tx, rows));
    if (isBaseline) baselineMs = clock.monotonicMs();
    known = isBaseline ? after : { ...after, consumers: before.consumers };
  }

  function presentNow(): Presence {
    const { services, consumers } = registry();
    // The same list while nothing changes: then nothing need be compared.
    if (seen?.services !== services) seen = { services, instances: instancesIn(services) };
    for (const { id, registration, lastWindowAtMs } of options.gateways()) {
      const isThere = registration !== null || clock.nowMs() - lastWindowAtMs < GATEWAY_GONE_MS;
      if (isThere) heardMs.set(id, clock.monotonicMs());
    }
    for (const [id, atMs] of heardMs) if (clock.monotonicMs() - atMs >= GATEWAY_GONE_MS) heardMs.delete(id);
    return { instances: seen.instances, gateways: new Set(heardMs.keys()), consumers };
  }

  function attempt(): Promise<void> {
    return work().catch((error: unknown) => {
      // What has changed by the time it is back is on record then.
      if (!(error instanceof MeshError && error.code === "DATABASE_DOWN"))
        log.error({ err: error }, "comings and goings could not be put on record");
    });
  }

  let isBusy = false;
  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    void attempt().finally(() => (isBusy = false));
  }, EVERY_MS).unref();

  return {
    name: "presence recorder",
    work,
    async stop() {
      clearInterval(timer);
      await working;
    },
  };
}

const BASELINE: Omit<PresenceRow, "atMs" | "detail"> = { kind: "all", event: "baseline", service: "", name: "" };

function instancesIn(services: RegistryPicture["services"]): Presence["instances"] {
  const instances = services.flatMap((service) => service.instances.map(asKept));
  return new Map(instances.map((instance) => [instanceKey(instance), instance]));
}

/** Everybody of both. */
function withAll(before: Presence, now: Presence): Presence {
  return {
    instances: new Map([...before.instances, ...now.instances]),
    gateways: new Set([...before.gateways, ...now.gateways]),
    consumers: now.consumers,
  };
}

async function changes(before: Presence, after: Presence, atMs: number): Promise<PresenceRow[]> {
  const rows: PresenceRow[] = before.instances === after.instances ? [] : await instanceRows(before, after, atMs);
  for (const id of after.gateways) if (!before.gateways.has(id)) rows.push(gatewayRow(id, "came", atMs));
  for (const id of before.gateways) if (!after.gateways.has(id)) rows.push(gatewayRow(id, "left", atMs));
  return rows;
}

async function instanceRows(before: Presence, after: Presence, atMs: number): Promise<PresenceRow[]> {
  const rows: PresenceRow[] = [];
  for (const [key, instance] of after.instances) {
    const known = before.instances.get(key);
    if (known !== undefined && isDeepStrictEqual(known, instance)) continue;
    rows.push({
      atMs,
      kind: "instance",
      event: known === undefined ? "came" : "changed",
      service: instance.service,
      name: instance.id,
      detail: await packInstance(instance),
    });
  }
  for (const [key, instance] of before.instances)
    if (!after.instances.has(key))
      rows.push({
        atMs,
        kind: "instance",
        event: "left",
        service: instance.service,
        name: instance.id,
        detail: await packInstance(instance),
      });
  return rows;
}

function gatewayRow(id: string, event: "came" | "left", atMs: number): PresenceRow {
  return { atMs, kind: "gateway", event, service: "", name: id, detail: null };
}
