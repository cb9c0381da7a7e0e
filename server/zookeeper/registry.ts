import { isDeepStrictEqual } from "node:util";
import {
  EMPTY_REGISTRY,
  NOT_TRUNCATED,
  type RegistryPicture,
  type RegistryService,
  type Truncated,
} from "#domain/instance.ts";
import { systemClock, type Clock } from "#platform/clock.ts";
import type { Part } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import { openDubboReader, type DubboReading } from "./dubbo-registry.ts";
import { levelLoop } from "./level-loop.ts";
import { openListeners } from "./listeners.ts";
import {
  afterReturn,
  believe,
  compare,
  HOLD_TIMES,
  isSameList,
  NOTHING_HELD,
  rememberedFrom,
  type HoldTimes,
} from "./registry-hold.ts";
import { openServicesReader, type ServicesReading } from "./services-reader.ts";
import type { ZooKeeper } from "./session.ts";

export interface RegistryOptions {
  /** Where Curator's services are, e.g. `/services`. */
  readonly root: string;
  /** Where Dubbo's interface-level registry is, e.g. `/dubbo`, and whether consumers are wanted; null: nowhere. */
  readonly dubbo: { readonly root: string; readonly consumers: boolean } | null;
  readonly log: Log;
  readonly clock?: Clock;
  /** Everything is read anew this often, ± 20 %, ms. Default 30,000. */
  readonly everyMs?: number;
  /** How long missing instances are held. */
  readonly times?: HoldTimes;
  /** What was there before this process started, as far as it is known; the first reading is judged by it. */
  readonly remembered?: readonly RegistryService[];
}

/** The registry as last read. While ZooKeeper is away, the last picture stands. */
export interface RegistryWatch extends Part {
  current(): RegistryPicture;
  /** Called when services, instances or consumers changed; returns its undo. */
  onPicture(listener: (picture: RegistryPicture) => void): () => void;
  /** Resolves after the first complete reading; a missing root is an empty registry. Never rejects. */
  readonly ready: Promise<void>;
}

const NO_DUBBO: DubboReading = { services: [], consumers: [], leftOut: NOT_TRUNCATED, problem: "" };

/** Watches every service's folder and every instance's entry, and reads again whatever a hint names. */
export function watchRegistry(zk: ZooKeeper, options: RegistryOptions): RegistryWatch {
  const { log, clock = systemClock, times = HOLD_TIMES } = options;
  const listeners = openListeners<RegistryPicture>("the registry", log);
  const ready = Promise.withResolvers<void>();
  const onStale = (): void => loop.wake();
  const curator = openServicesReader(zk, { root: options.root, onStale });
  const dubbo = options.dubbo === null ? null : openDubboReader(zk, { ...options.dubbo, onStale });
  let picture: RegistryPicture = EMPTY_REGISTRY;
  let held = options.remembered === undefined ? NOTHING_HELD : rememberedFrom(options.remembered);
  let dubboProblem = "";
  let lookAgain: NodeJS.Timeout | undefined;

  const stopListening = zk.onStatus((status) => {
    if (status.session === "live" && picture.readAtMs > 0) held = afterReturn(held, clock.monotonicMs());
  });
  const loop = levelLoop(zk, {
    name: "registry",
    log,
    everyMs: options.everyMs ?? 30_000,
    onPeriod() {
      curator.forgetAll();
      dubbo?.forgetAll();
    },
    work: pass,
  });

  async function pass(): Promise<void> {
    const entries = await curator.read();
    const urls = (await dubbo?.read()) ?? NO_DUBBO;
    const belief = believe(held, merged(entries.services, urls.services, held.fresh), clock.monotonicMs(), times);
    held = belief.state;
    if (belief.doubted > 0)
      log.warn(
        { instances: belief.doubted, holdMs: times.holdMs },
        "most of the registry vanished at once: its instances are held as unconfirmed",
      );
    if (belief.letGo > 0) log.warn({ instances: belief.letGo }, "instances that vanished are gone");
    if (urls.problem !== dubboProblem && urls.problem !== "")
      log.warn({ problem: urls.problem, root: options.dubbo?.root }, "Dubbo's registry cannot be read");
    dubboProblem = urls.problem;
    clearTimeout(lookAgain);
    if (belief.lookAgainMs !== null) lookAgain = setTimeout(loop.wake, belief.lookAgainMs + 1).unref();
    publish(entries, urls);
    ready.resolve();
  }

  function publish(entries: ServicesReading, urls: DubboReading): void {
    const before = picture;
    const truncated = truncatedOf(entries, urls);
    const consumers = isDeepStrictEqual(before.consumers, urls.consumers) ? before.consumers : urls.consumers;
    const services = isSameList(before.services, held.services) ? before.services : held.services;
    picture = { services, consumers, truncated, readAtMs: clock.nowMs() };
    const isSame =
      services === before.services && consumers === before.consumers && isDeepStrictEqual(truncated, before.truncated);
    if (!isSame) listeners.tell(picture);
  }

  return {
    name: "registry",
    current: () => picture,
    onPicture: listeners.add,
    ready: ready.promise,
    async stop() {
      listeners.clear();
      stopListening();
      await loop.stop();
      clearTimeout(lookAgain);
    },
  };
}

function truncatedOf({ leftOut: left }: ServicesReading, { leftOut: right }: DubboReading): Truncated {
  return {
    services: left.services + right.services,
    instances: left.instances + right.instances,
    consumers: right.consumers,
  };
}

/** Services of both registries, sorted by name; of one that is in both, the instances of both. */
function merged(
  curator: readonly RegistryService[],
  dubbo: readonly RegistryService[],
  before: readonly RegistryService[],
): readonly RegistryService[] {
  if (dubbo.length === 0) return curator;
  const byName = new Map(curator.map((service) => [service.name, service]));
  for (const service of dubbo) {
    const other = byName.get(service.name);
    byName.set(service.name, other === undefined ? service : joined(other, service, before));
  }
  return [...byName.values()].sort((a, b) => compare(a.name, b.name));
}

/** An id that both use is the first one's. */
function joined(one: RegistryService, other: RegistryService, before: readonly RegistryService[]): RegistryService {
  const ids = new Set(one.instances.map(({ id }) => id));
  const service = {
    name: one.name,
    instances: [...one.instances, ...other.instances.filter(({ id }) => !ids.has(id))].sort((a, b) =>
      compare(a.id, b.id),
    ),
    unreadable: [...one.unreadable, ...other.unreadable],
  };
  const known = before.find(({ name }) => name === one.name);
  return known !== undefined && isDeepStrictEqual(known, service) ? known : service;
}
