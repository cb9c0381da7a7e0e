import { canonicalJson } from "#domain/canonical-json.ts";
import { EMPTY_REGISTRY, type RegistryPicture, type RegistryService } from "#domain/instance.ts";
import { systemClock, type Clock } from "#platform/clock.ts";
import type { Part } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import { openCachedReader, orRefusal, readEach } from "./cached-reader.ts";
import { levelLoop } from "./level-loop.ts";
import { openListeners } from "./listeners.ts";
import { isReadable, parseInstance } from "./parse-instance.ts";
import { compare, holdMissing, identities } from "./registry-hold.ts";
import type { ZooKeeper } from "./session.ts";

export interface RegistryOptions {
  /** e.g. `/services` */
  readonly root: string;
  readonly log: Log;
  readonly clock?: Clock;
  /** Everything is read anew this often, ± 20 %, ms. Default 30,000. */
  readonly everyMs?: number;
  /** How long a missing instance is kept just after a reconnect, ms. Default 2000. */
  readonly graceMs?: number;
  /** How long a mass disappearance just after a reconnect is disbelieved, ms. Default 15,000. */
  readonly holdMs?: number;
}

/** The registry as last read. While ZooKeeper is away, the last picture stands. */
export interface RegistryWatch extends Part {
  current(): RegistryPicture;
  /** Called when services or instances changed; returns its undo. */
  onPicture(listener: (picture: RegistryPicture) => void): () => void;
  /** Resolves after the first complete reading; a missing root is an empty registry. Never rejects. */
  readonly ready: Promise<void>;
}

/** Watches every service's folder and every instance's entry, and reads again whatever a hint names. */
export function watchRegistry(zk: ZooKeeper, options: RegistryOptions): RegistryWatch {
  const clock = options.clock ?? systemClock;
  const { graceMs = 2000, holdMs = 15_000 } = options;
  const listeners = openListeners<RegistryPicture>("the registry", options.log);
  const ready = Promise.withResolvers<void>();
  let picture: RegistryPicture = EMPTY_REGISTRY;
  let text = "";
  let returnedAtMs = Number.NEGATIVE_INFINITY;
  let unconfirmed = new Set<string>();
  let lookAgain: NodeJS.Timeout | undefined;

  const stopListening = zk.onStatus((status) => {
    if (status.session !== "live" || picture.readAtMs === 0) return;
    returnedAtMs = clock.monotonicMs();
    unconfirmed = identities(picture.services);
  });
  const reader = openCachedReader(zk, { onStale: () => loop.wake() });
  const loop = levelLoop(zk, {
    name: "registry",
    log: options.log,
    everyMs: options.everyMs ?? 30_000,
    onPeriod: () => reader.forgetAll(),
    work: pass,
  });

  async function pass(): Promise<void> {
    const names = (await reader.children(options.root)) ?? [];
    const fresh = await readEach([...names].sort(compare), readService);
    reader.sweep();
    for (const seen of identities(fresh)) unconfirmed.delete(seen);
    const held = holdMissing(picture.services, fresh, {
      sinceReturnMs: clock.monotonicMs() - returnedAtMs,
      unconfirmed,
      graceMs,
      holdMs,
    });
    clearTimeout(lookAgain);
    if (held.lookAgainMs !== null) lookAgain = setTimeout(loop.wake, held.lookAgainMs + 1).unref();
    publish(held.services);
    ready.resolve();
  }

  async function readService(name: string): Promise<RegistryService> {
    const folder = await orRefusal(reader.children(`${options.root}/${name}`));
    if ("refusal" in folder)
      return { name, instances: [], unreadable: [{ service: name, id: "", problem: folder.refusal }] };
    const entries = await readEach([...(folder.value ?? [])].sort(compare), async (id) => {
      const node = await orRefusal(reader.node(`${options.root}/${name}/${id}`));
      if ("refusal" in node) return [{ service: name, id, problem: node.refusal }];
      return node.value === null ? [] : [parseInstance(name, id, node.value.data)];
    });
    const all = entries.flat();
    return {
      name,
      instances: all.filter(isReadable),
      unreadable: all.flatMap((entry) => (isReadable(entry) ? [] : [entry])),
    };
  }

  function publish(services: readonly RegistryService[]): void {
    picture = { services, readAtMs: clock.nowMs() };
    const now = canonicalJson(services);
    if (now === text) return;
    text = now;
    listeners.tell(picture);
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
