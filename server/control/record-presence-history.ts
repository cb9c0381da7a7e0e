import { isDeepStrictEqual } from "node:util";
import {
  countPresenceWrite,
  readPresenceEnd,
  writePresence,
  type PresenceEnd,
  type PresenceRow,
} from "#db/traffic-presence-repository.ts";
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
/** How far consoles' clocks may be apart: the next leader goes on after what one whose clock is ahead has written. */
const CLOCKS_APART_MS = 600_000;
/** How often it is asked whether somebody else has written, or the record was restored, while there is nothing to write. */
const CHECK_MS = 10_000;

/** As it is on record, and where that ends. */
interface OnRecord extends PresenceEnd {
  /** Null: nobody is known to have been there at all. */
  readonly presence: Presence | null;
}

/** While this console leads, puts on record which instances and gateways come, change and go, as it comes to believe it. */
export function recordPresenceHistory(options: PresenceRecorderOptions): PresenceRecorder {
  const { store, isLeader, registry, log } = options;
  const clock = options.clock ?? systemClock;
  const heardMs = new Map<string, number>();
  /** Null: to be read. */
  let known: OnRecord | null = null;
  let checkedMs = Number.NEGATIVE_INFINITY;
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
    const recorded = await onRecord();
    const before = recorded.presence;
    // Never before what is on record, whatever the clock of who wrote it.
    const atMs = Math.max(clock.nowMs(), recorded.lastMs + 1);
    const now = presentNow();
    const after = isSettling && before !== null ? withAll(before, now) : now;
    const rows = before === null ? [] : await changes(before, after, atMs);
    const sinceMs = clock.monotonicMs() - baselineMs;
    const isDue = before === null || sinceMs >= BASELINE_MS;
    const hasCallers = before !== null && !isDeepStrictEqual(before.consumers, after.consumers);
    const isBaseline = isDue || (hasCallers && sinceMs >= CONSUMERS_MS);
    if (isBaseline) rows.push({ ...BASELINE, atMs, detail: await packPresence(after) });
    const presence = isBaseline ? after : { ...after, consumers: before.consumers };
    known = rows.length === 0 ? { ...recorded, presence } : await write(rows, recorded, presence);
    if (isBaseline && known !== null) baselineMs = clock.monotonicMs();
  }

  async function onRecord(): Promise<OnRecord> {
    const untilMs = clock.nowMs() + CLOCKS_APART_MS;
    if (known !== null && clock.monotonicMs() >= checkedMs + CHECK_MS) {
      const end = await store.read((tx) => readPresenceEnd(tx, untilMs));
      if (end.writes !== known.writes) known = null;
      checkedMs = clock.monotonicMs();
    }
    known ??= await store.read(async (tx) => ({
      ...(await readPresenceEnd(tx, untilMs)),
      presence: await readPresenceAt(tx, untilMs),
    }));
    return known;
  }

  /** Null, having written nothing, when another console has written meanwhile: what it wrote has to be read first. */
  async function write(
    rows: readonly PresenceRow[],
    { writes }: PresenceEnd,
    presence: Presence,
  ): Promise<OnRecord | null> {
    const isWritten = await store.write(async (tx) => {
      if (!(await countPresenceWrite(tx, writes))) return false;
      await writePresence(tx, rows);
      return true;
    });
    const lastMs = rows.reduce((last, { atMs }) => Math.max(last, atMs), 0);
    return isWritten ? { presence, writes: writes + 1, lastMs } : null;
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
