import { isCode } from "./failure.ts";
import type { NodeOperations, NodeReading } from "./operations.ts";

/** Reads through a cache that hints and `forgetAll` make stale. A failed read leaves its entry stale. */
export interface CachedReader {
  node(path: string): Promise<NodeReading | null>;
  children(path: string): Promise<readonly string[] | null>;
  /** The next reading of each path asks the server. */
  forgetAll(): void;
  /** Whether reading the node would ask the server nothing; it counts as read. */
  isFresh(path: string): boolean;
  /** Drops what was not read since the last sweep. */
  sweep(): void;
  /** Drops everything. */
  clear(): void;
}

/** How many more nodes may be watched; shared by several readers. */
export interface WatchBudget {
  left: number;
}

interface Entry<T> {
  value: T;
  stale: boolean;
  used: boolean;
  readonly onHint: () => void;
  /** Whether it took a watch out of the budget. */
  watched: boolean;
}

export interface CachedReaderOptions {
  /** Called when a hint has made something stale. */
  readonly onStale: () => void;
  /** Nodes beyond it are read anew only after `forgetAll`. Default 4000 of its own: the client's budget is 5000. */
  readonly budget?: WatchBudget;
  /** What is kept of a node; all of it unless told. */
  readonly keep?: (reading: NodeReading) => NodeReading;
}

/** A reader whose answers are as fresh as ZooKeeper's hints. For one caller at a time per path. */
export function openCachedReader(zk: NodeOperations, options: CachedReaderOptions): CachedReader {
  const budget = options.budget ?? { left: 4000 };
  const nodes = new Map<string, Entry<NodeReading | null>>();
  const folders = new Map<string, Entry<readonly string[] | null>>();

  async function through<T>(
    cache: Map<string, Entry<T | null>>,
    path: string,
    read: (onHint: () => void) => Promise<T | null>,
  ): Promise<T | null> {
    const entry = cache.get(path) ?? newEntry<T>();
    cache.set(path, entry);
    entry.used = true;
    if (!entry.stale) return entry.value;
    // Cleared before reading: a hint that arrives during the read must make it stale again.
    entry.stale = false;
    try {
      entry.value = await read(entry.onHint);
    } catch (error) {
      entry.stale = true;
      throw error;
    }
    return entry.value;
  }

  function newEntry<T>(): Entry<T | null> {
    const entry: Entry<T | null> = {
      value: null,
      stale: true,
      used: true,
      watched: false,
      onHint: () => {
        entry.stale = true;
        options.onStale();
      },
    };
    return entry;
  }

  async function readNode(path: string, onHint: () => void): Promise<NodeReading | null> {
    const entry = nodes.get(path);
    if (entry !== undefined && !entry.watched && budget.left > 0) {
      entry.watched = true;
      budget.left -= 1;
    }
    const reading = await zk.read(path, entry?.watched === true ? onHint : undefined);
    return reading === null || options.keep === undefined ? reading : options.keep(reading);
  }

  function drop<T>(cache: Map<string, Entry<T>>, path: string, entry: Entry<T>): void {
    cache.delete(path);
    if (entry.watched) budget.left += 1;
  }

  return {
    node: (path) => through(nodes, path, (onHint) => readNode(path, onHint)),
    children: (path) => through(folders, path, (onHint) => zk.children(path, onHint)),
    isFresh(path) {
      const entry = nodes.get(path);
      if (entry === undefined) return false;
      entry.used = true;
      return !entry.stale;
    },
    forgetAll() {
      for (const entry of [...nodes.values(), ...folders.values()]) entry.stale = true;
    },
    sweep() {
      for (const [path, entry] of nodes) if (!isUsed(entry)) drop(nodes, path, entry);
      for (const [path, entry] of folders) if (!isUsed(entry)) drop(folders, path, entry);
    },
    clear() {
      for (const [path, entry] of nodes) drop(nodes, path, entry);
      folders.clear();
    },
  };
}

/** Since it was last asked. */
function isUsed(entry: { used: boolean }): boolean {
  const { used } = entry;
  entry.used = false;
  return used;
}

/** Calls in flight at once when many nodes are read. */
const PARALLEL = 64;

/**
 * `read` for each item, `parallel` of them at a time, results in order. The first rejection rejects, once nothing is under
 * way any more: whoever tries again must not meet its own earlier attempt.
 */
export async function readEach<Item, Result>(
  items: readonly Item[],
  read: (item: Item) => Promise<Result>,
  parallel = PARALLEL,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += parallel) {
    const settled = await Promise.allSettled(items.slice(start, start + parallel).map(read));
    for (const one of settled) {
      if (one.status === "rejected") throw one.reason;
      results.push(one.value);
    }
  }
  return results;
}

/** The reading, or the code with which the server refused it. Rejects when nobody knows (connection, deadline). */
export async function orRefusal<T>(reading: Promise<T>): Promise<{ readonly value: T } | { readonly refusal: string }> {
  try {
    return { value: await reading };
  } catch (error) {
    if (isCode(error, "NO_AUTH", "BAD_ARGUMENTS", "UNSTABLE")) return { refusal: error.code };
    throw error;
  }
}

/** What is said of something that the server refused with this code. */
export function refusedInWords(code: string): string {
  const why = code === "NO_AUTH" ? "ZooKeeper does not let it be read" : "ZooKeeper could not say what it holds";
  return `${why} (${code}); what was read of it before stands`;
}
