import { isCode } from "./failure.ts";
import type { NodeOperations, NodeReading } from "./operations.ts";

/** Reads through a cache that hints and `forgetAll` make stale. A failed read leaves its entry stale. */
export interface CachedReader {
  node(path: string): Promise<NodeReading | null>;
  children(path: string): Promise<readonly string[] | null>;
  /** The next reading of the node asks the server. */
  forget(path: string): void;
  /** The next reading of each path asks the server. */
  forgetAll(): void;
  /** Drops what was not read since the last sweep. */
  sweep(): void;
}

interface Entry<T> {
  value: T;
  stale: boolean;
  used: boolean;
  readonly onHint: () => void;
}

export interface CachedReaderOptions {
  /** Called when a hint has made something stale. */
  readonly onStale: () => void;
  /** Nodes watched at most; those beyond are read anew only after `forgetAll`. Default 4000: the client's budget is 5000. */
  readonly watchesMax?: number;
}

/** A reader whose answers are as fresh as ZooKeeper's hints. For one caller at a time per path. */
export function openCachedReader(zk: NodeOperations, options: CachedReaderOptions): CachedReader {
  const watchesMax = options.watchesMax ?? 4000;
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
      onHint: () => {
        entry.stale = true;
        options.onStale();
      },
    };
    return entry;
  }

  return {
    node: (path) => through(nodes, path, (onHint) => zk.read(path, nodes.size > watchesMax ? undefined : onHint)),
    children: (path) => through(folders, path, (onHint) => zk.children(path, onHint)),
    forget(path) {
      const entry = nodes.get(path);
      if (entry !== undefined) entry.stale = true;
    },
    forgetAll() {
      for (const entry of [...nodes.values(), ...folders.values()]) entry.stale = true;
    },
    sweep() {
      for (const cache of [nodes, folders]) {
        for (const [path, entry] of cache) {
          if (entry.used) entry.used = false;
          else cache.delete(path);
        }
      }
    },
  };
}

/** Calls in flight at once when many nodes are read. */
const PARALLEL = 64;

/** `read` for each item, a bounded number at a time, results in order. The first rejection rejects. */
export async function readEach<Item, Result>(
  items: readonly Item[],
  read: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += PARALLEL) {
    results.push(...(await Promise.all(items.slice(start, start + PARALLEL).map(read))));
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
