import type { Instance, RegistryService, UnreadableInstance } from "#domain/instance.ts";
import {
  openCachedReader,
  orRefusal,
  readEach,
  refusedInWords,
  type CachedReader,
  type WatchBudget,
} from "./cached-reader.ts";
import { INSTANCE_BYTES_MAX, isReadable, parseInstance } from "./parse-instance.ts";
import { compare, isSameList } from "./registry-hold.ts";
import type { NodeOperations, NodeReading } from "./operations.ts";

/** What is read at most. Whatever was read before goes first, so that a flood of entries displaces nobody. */
const REGISTRY_LIMITS = {
  services: 5000,
  /** Of one service. */
  instances: 10_000,
  /** Of all services; the largest are cut first. */
  allInstances: 100_000,
  /** Longest name of a service or an instance, characters. */
  name: 512,
} as const;

type Limits = { readonly [Limit in keyof typeof REGISTRY_LIMITS]: number };

export interface ServicesReading {
  readonly services: readonly RegistryService[];
  /** What is there beyond the limits. */
  readonly leftOut: { readonly services: number; readonly instances: number };
}

/** Reads `/services/<service>/<instance>` as Curator lays it out; services without news stay the same objects. */
export interface ServicesReader {
  read(): Promise<ServicesReading>;
  /** The next reading asks the server for everything. */
  forgetAll(): void;
}

export interface ServicesReaderOptions {
  readonly root: string;
  /** Called when a hint has made something stale. */
  readonly onStale: () => void;
  readonly limits?: Limits;
}

/** For one caller at a time. */
export function openServicesReader(zk: NodeOperations, options: ServicesReaderOptions): ServicesReader {
  const { root, onStale, limits = REGISTRY_LIMITS } = options;
  const top = openCachedReader(zk, { onStale });
  const budget: WatchBudget = { left: 4000 };
  let folders = new Map<string, ServiceFolder>();

  function choose(names: readonly string[]): readonly string[] {
    const usable = names.filter(({ length }) => length <= limits.name).sort(compare);
    return firstOf(usable, limits.services, (name) => folders.has(name));
  }

  return {
    async read() {
      const names = (await top.children(root)) ?? [];
      const chosen = choose(names);
      const kept = new Map(
        chosen.map((name) => [name, folders.get(name) ?? new ServiceFolder(zk, root, name, budget, onStale)]),
      );
      for (const [name, folder] of folders) if (!kept.has(name)) folder.close();
      folders = kept;
      const all = [...folders.values()];
      await readEach(
        all.filter((folder) => folder.listStale),
        (folder) => folder.list(limits),
      );
      // The small ones first: whoever floods the registry is cut, not the others.
      let left = limits.allInstances;
      for (const folder of all.toSorted((a, b) => a.size - b.size)) {
        folder.limit = Math.min(limits.instances, left);
        left -= Math.min(folder.size, folder.limit);
      }
      await readEach(
        all.filter((folder) => folder.isDue),
        (folder) => folder.read(),
        FOLDERS_AT_ONCE,
      );
      const services = all.map((folder) => folder.service);
      const beyond = all.reduce((sum, folder) => sum + folder.total - Math.min(folder.size, folder.limit), 0);
      return { services, leftOut: { services: names.length - chosen.length, instances: beyond } };
    },
    forgetAll() {
      top.forgetAll();
      for (const folder of folders.values()) folder.forgetAll();
    },
  };
}

/** Stands for what is too large to be read: a flood of such entries must not fill the memory. */
const TOO_LARGE = Buffer.alloc(INSTANCE_BYTES_MAX + 1);

function withoutExcess(reading: NodeReading): NodeReading {
  return reading.data.length > INSTANCE_BYTES_MAX ? { ...reading, data: TOO_LARGE } : reading;
}

interface Entry {
  readonly data: Buffer;
  readonly parsed: Instance | UnreadableInstance;
}

/** Services whose entries are read at once: with all of theirs, what arrives together is still little. */
const FOLDERS_AT_ONCE = 8;

/** One service: its folder and the entries in it. Only what is stale is looked at. */
class ServiceFolder {
  /** How many entries are read at most. */
  limit = 0;
  /** Entries there are, and those of them that may be read. */
  total = 0;
  /** What was made of it last. */
  service: RegistryService;
  listStale = true;
  readonly #name: string;
  readonly #path: string;
  readonly #reader: CachedReader;
  #entriesStale = true;
  #ids: readonly string[] = [];
  /** Why the folder cannot be read; empty when it can. */
  #refusal = "";
  /** The same of entries, by id. */
  readonly #refusals = new Map<string, string>();
  #readLimit = 0;
  #entries = new Map<string, Entry>();

  constructor(zk: NodeOperations, root: string, name: string, budget: WatchBudget, onStale: () => void) {
    this.#name = name;
    this.#path = `${root}/${name}`;
    this.service = { name, instances: [], unreadable: [] };
    this.#reader = openCachedReader(zk, {
      budget,
      keep: withoutExcess,
      onStale: () => {
        this.listStale = true;
        onStale();
      },
    });
  }

  get size(): number {
    return this.#ids.length;
  }

  forgetAll(): void {
    this.listStale = true;
    this.#reader.forgetAll();
  }

  get isDue(): boolean {
    return this.#entriesStale || this.#readLimit !== Math.min(this.size, this.limit);
  }

  close(): void {
    this.#reader.clear();
  }

  async list(limits: Limits): Promise<void> {
    this.listStale = false;
    this.#entriesStale = true;
    try {
      const listed = await orRefusal(this.#reader.children(this.#path));
      this.#refusal = "refusal" in listed ? listed.refusal : "";
      // Nobody knows that they have gone.
      if ("refusal" in listed) return;
      const ids = listed.value ?? [];
      this.total = ids.length;
      this.#ids = ids.filter(({ length }) => length <= limits.name).sort(compare);
    } catch (error) {
      this.listStale = true;
      throw error;
    }
  }

  async read(): Promise<void> {
    this.#entriesStale = false;
    try {
      const ids = firstOf(this.#ids, this.limit, (id) => this.#entries.has(id));
      this.#readLimit = ids.length;
      const stale = ids.filter((id) => !this.#reader.isFresh(`${this.#path}/${id}`));
      await readEach(stale, (id) => this.#load(id));
      const known = new Set(ids);
      for (const kept of [this.#entries, this.#refusals])
        for (const id of kept.keys()) if (!known.has(id)) kept.delete(id);
      this.#reader.sweep();
      this.#build(ids.flatMap((id) => this.#entries.get(id)?.parsed ?? []));
    } catch (error) {
      this.#entriesStale = true;
      throw error;
    }
  }

  async #load(id: string): Promise<void> {
    const node = await orRefusal(this.#reader.node(`${this.#path}/${id}`));
    // What it said before stands: nobody knows that it says something else.
    if ("refusal" in node) this.#refusals.set(id, node.refusal);
    else this.#refusals.delete(id);
    if ("refusal" in node) return;
    if (node.value === null) {
      this.#entries.delete(id);
    } else {
      const { data } = node.value;
      // A re-created entry says the same as before.
      if (this.#entries.get(id)?.data.equals(data) === true) return;
      this.#entries.set(id, { data, parsed: parseInstance(this.#name, id, data) });
    }
  }

  #build(entries: readonly (Instance | UnreadableInstance)[]): void {
    const instances = entries.filter(isReadable);
    // Of one that is refused now, what was wrong with it before is no news.
    const unreadable = entries.filter(
      (entry): entry is UnreadableInstance => !isReadable(entry) && !this.#refusals.has(entry.id),
    );
    // In an order of their own: they are read at the same time.
    for (const [id, code] of [...this.#refusals].sort(([one], [other]) => compare(one, other)))
      unreadable.push({ service: this.#name, id, problem: refusedInWords(code) });
    if (this.#refusal !== "") unreadable.push({ service: this.#name, id: "", problem: refusedInWords(this.#refusal) });
    const before = this.service;
    if (isSameList(before.instances, instances) && isSameProblems(before.unreadable, unreadable)) return;
    this.service = { name: this.#name, instances, unreadable };
  }
}

function isSameProblems(one: readonly UnreadableInstance[], other: readonly UnreadableInstance[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ id, problem }, at) => other[at]?.id === id && other[at].problem === problem)
  );
}

/** At most `max` of the sorted names, in order: those known before, then the others. */
function firstOf(names: readonly string[], max: number, isKnown: (name: string) => boolean): readonly string[] {
  if (names.length <= max) return names;
  const [known, others] = [names.filter(isKnown), names.filter((name) => !isKnown(name))];
  return [...known, ...others].slice(0, max).sort(compare);
}
