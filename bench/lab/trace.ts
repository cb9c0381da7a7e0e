import type { Log } from "#platform/log.ts";
import { ephemeralKeeper } from "#zookeeper/ephemeral.ts";
import type { PolicySource } from "#zookeeper/database-reading.ts";
import type { ZooKeeper } from "#zookeeper/session.ts";

/** Something that happened on an edit's way, at a time all processes of this machine share, ms. */
export interface Note {
  readonly what: string;
  readonly atMs: number;
}

export type TakeNote = (what: string) => void;

/** Notes what happens in this process; `take` hands out what was noted since it was last asked. */
export function openNotebook(): { readonly note: TakeNote; take(): Note[] } {
  const notes: Note[] = [];
  return {
    note: (what) => void notes.push({ what, atMs: performance.timeOrigin + performance.now() }),
    take: () => notes.splice(0),
  };
}

async function call<T>(what: string, note: TakeNote, make: () => Promise<T>): Promise<T> {
  note(`${what} sent`);
  const answer = await make();
  note(`${what} answered`);
  return answer;
}

/** The same database, with a note of each reading. */
export function traceSource(source: PolicySource, note: TakeNote): PolicySource {
  return {
    ...source,
    readSince: (after) => call("database", note, () => source.readSince(after)),
  };
}

/** The same ZooKeeper, with a note of each call that is sent or answered, and of each hint: `read policy/head sent`. */
export function traceZooKeeper(zk: ZooKeeper, root: string, log: Log, note: TakeNote): ZooKeeper {
  const hints = new WeakMap<() => void, Map<string, () => void>>();
  const nameOf = (path: string): string => path.slice(root.length + 1);

  /** The same function for the same path, as the client wants it. */
  function noted(path: string, onHint: (() => void) | undefined): (() => void) | undefined {
    if (onHint === undefined) return undefined;
    const known = hints.get(onHint) ?? new Map<string, () => void>();
    hints.set(onHint, known);
    const told =
      known.get(path) ??
      (() => {
        note(`hint ${nameOf(path)}`);
        onHint();
      });
    known.set(path, told);
    return told;
  }

  const traced: ZooKeeper = {
    ...zk,
    read: (path, onHint) => call(`read ${nameOf(path)}`, note, () => zk.read(path, noted(path, onHint))),
    children: (path, onHint) => call(`list ${nameOf(path)}`, note, () => zk.children(path, noted(path, onHint))),
    write: (path, data, version) => call(`write ${nameOf(path)}`, note, () => zk.write(path, data, version)),
    multi: (ops) => call("multi", note, () => zk.multi(ops)),
    declareEphemeral: (path, data, given) => ephemeralKeeper(traced, log, path, data, given),
  };
  return traced;
}
