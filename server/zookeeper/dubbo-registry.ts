import type { Consumer, RegistryService } from "#domain/instance.ts";
import { openCachedReader, orRefusal, readEach, refusedInWords } from "./cached-reader.ts";
import { readInterface, type InterfaceReading } from "./dubbo-interface.ts";
import type { NodeOperations } from "./operations.ts";
import { compare, isSameList } from "./registry-hold.ts";

/** What is read at most. */
const DUBBO_LIMITS = { interfaces: 2500, providers: 10_000, consumers: 10_000, allConsumers: 20_000 } as const;

/** Folders beside the interfaces that are none. */
const NOT_INTERFACES: ReadonlySet<string> = new Set(["config", "mapping", "metadata", "services"]);

export interface DubboReading {
  readonly services: readonly RegistryService[];
  readonly consumers: readonly Consumer[];
  readonly leftOut: { readonly services: number; readonly instances: number; readonly consumers: number };
  /** Why the root cannot be read; empty when it can, or is not there. */
  readonly problem: string;
}

/** Reads `/dubbo/<interface>/{providers,consumers}/<URL>`; what has no news stays the same object. */
export interface DubboReader {
  read(): Promise<DubboReading>;
  /** The next reading asks the server for everything. */
  forgetAll(): void;
}

export interface DubboReaderOptions {
  readonly root: string;
  /** Whether consumers are wanted: each interface costs one watch more. */
  readonly consumers: boolean;
  /** Called when a hint has made something stale. */
  readonly onStale: () => void;
}

/** Names of nodes, and why they are those known before; empty when they are not. */
interface Names {
  readonly names: readonly string[];
  readonly refusal: string;
}

const NOBODY: readonly string[] = [];

interface Known {
  readonly providers: readonly string[];
  readonly consumers: readonly string[];
  /** Why `providers` are those known before; empty when they are not. */
  readonly refusal: string;
  readonly reading: InterfaceReading;
}

/** For one caller at a time. */
export function openDubboReader(zk: NodeOperations, options: DubboReaderOptions): DubboReader {
  const { root } = options;
  const reader = openCachedReader(zk, { onStale: options.onStale });
  let known = new Map<string, Known>();
  let before: Omit<DubboReading, "problem"> = {
    services: [],
    consumers: [],
    leftOut: { services: 0, instances: 0, consumers: 0 },
  };

  async function entries(node: string, category: "providers" | "consumers"): Promise<Names> {
    const names = await orRefusal(reader.children(`${root}/${node}/${category}`));
    // Nobody knows that those have gone who were there.
    return "refusal" in names
      ? { names: known.get(node)?.[category] ?? NOBODY, refusal: names.refusal }
      : { names: names.value ?? NOBODY, refusal: "" };
  }

  async function readOne(node: string): Promise<readonly [string, Known]> {
    const { names: providers, refusal } = await entries(node, "providers");
    const consumers = options.consumers ? (await entries(node, "consumers")).names : NOBODY;
    const same = known.get(node);
    if (same?.providers === providers && same.consumers === consumers && same.refusal === refusal) return [node, same];
    const reading = readInterface({
      node,
      providers: providers.toSorted(compare).slice(0, DUBBO_LIMITS.providers),
      consumers: consumers.toSorted(compare).slice(0, DUBBO_LIMITS.consumers),
      problem: refusal === "" ? "" : refusedInWords(refusal),
    });
    const kept = same === undefined ? reading : keepSame(same.reading, reading);
    return [node, { providers, consumers, refusal, reading: kept }];
  }

  return {
    async read() {
      const top = await orRefusal(reader.children(root));
      const names = "refusal" in top ? [...known.keys()] : (top.value ?? []);
      const found = names.filter((name) => !NOT_INTERFACES.has(name));
      const nodes = found.toSorted(compare).slice(0, DUBBO_LIMITS.interfaces);
      const now = new Map(await readEach(nodes, readOne));
      reader.sweep();
      const isSame = now.size === known.size && [...now].every(([node, one]) => known.get(node) === one);
      known = now;
      if (!isSame || found.length - nodes.length !== before.leftOut.services)
        before = combine([...now.values()], found.length - nodes.length);
      return { ...before, problem: "refusal" in top ? top.refusal : "" };
    },
    forgetAll: reader.forgetAll,
  };
}

function combine(all: readonly Known[], leftOut: number): Omit<DubboReading, "problem"> {
  const consumers = all
    .flatMap(({ reading }) => reading.consumers)
    .sort((a, b) => compare(a.application, b.application) || compare(a.service, b.service));
  return {
    services: all.flatMap(({ reading }) => reading.services),
    consumers: consumers.slice(0, DUBBO_LIMITS.allConsumers),
    leftOut: {
      services: leftOut,
      instances: beyond(
        all.map(({ providers }) => providers.length),
        DUBBO_LIMITS.providers,
      ),
      consumers:
        beyond(
          all.map((one) => one.consumers.length),
          DUBBO_LIMITS.consumers,
        ) + Math.max(0, consumers.length - DUBBO_LIMITS.allConsumers),
    },
  };
}

function beyond(counts: readonly number[], max: number): number {
  return counts.reduce((sum, count) => sum + Math.max(0, count - max), 0);
}

/** Services that say the same as before stay the same objects. */
function keepSame(before: InterfaceReading, now: InterfaceReading): InterfaceReading {
  const known = new Map(before.services.map((service) => [service.name, service]));
  const services = now.services.map((service) => {
    const same = known.get(service.name);
    return same !== undefined && JSON.stringify(same) === JSON.stringify(service) ? same : service;
  });
  return { services: isSameList(before.services, services) ? before.services : services, consumers: now.consumers };
}
