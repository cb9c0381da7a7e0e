import type { Log } from "#platform/log.ts";
import { pause } from "#platform/backoff.ts";
import type { NodeAccess } from "./access.ts";
import { isCode } from "./failure.ts";
import { levelLoop } from "./level-loop.ts";
import type { NodeOperations, NodeReading } from "./operations.ts";
import type { SessionLink } from "./session-link.ts";

/** An ephemeral node that is kept there, or kept away. */
export interface DeclaredEphemeral {
  /** The node will hold this, soon; null: it will be gone. Only the latest of quick updates is certain to be carried out. */
  update(data: Buffer | null): void;
  /** Resolves when the node is gone, or when that could not be achieved just now (the session's end takes it away). */
  withdraw(): Promise<void>;
}

/** How a declared ephemeral and its folder are guarded, and who hears of it. */
export interface EphemeralOptions {
  /** Default `own`. */
  readonly node?: NodeAccess;
  /** Of the folder it is in, when that has to be made. Default `shared`. */
  readonly folder?: NodeAccess;
  /** Of the folders above that one, when they have to be made. Default `private`. */
  readonly parents?: NodeAccess;
  /** Hears what the server was seen to hold, each time it was looked at. */
  readonly onKept?: (data: Buffer | null) => void;
  /** Told when another process claims the node as well, and the two take it from each other. */
  readonly onContested?: () => void;
}

const EVERY_MS = 60_000;
/** Two processes that claim one name would otherwise delete each other's node without end. */
const TAKE_OVER_PAUSE_MS = 1000;

/**
 * Creates the node, and creates it again after every new session and every deletion by others. A node of the same name
 * that belongs to another session (our own former one, before it expired) is deleted and created anew: writing into it
 * would lose it when that session ends.
 */
export function ephemeralKeeper(
  zk: SessionLink & NodeOperations,
  log: Log,
  path: string,
  initial: Buffer | null,
  access: EphemeralOptions = {},
): DeclaredEphemeral {
  const parent = path.slice(0, path.lastIndexOf("/"));
  const options = { ephemeral: true, access: access.node ?? "own" } as const;
  let wanted = initial;
  let tookOver = Number.NEGATIVE_INFINITY;
  /** The node as it was read last, ours and as wanted; null once anything may have changed it. */
  let settled: { readonly node: NodeReading; readonly session: bigint } | null = null;
  let hints = 0;
  const loop = levelLoop(zk, {
    name: `ephemeral ${path}`,
    log,
    work: keep,
    everyMs: EVERY_MS,
    onPeriod: () => (settled = null),
  });
  const onHint = (): void => {
    hints += 1;
    settled = null;
    loop.wake();
  };

  async function keep(signal: AbortSignal): Promise<void> {
    if (await overwrite()) return;
    const hintsBefore = hints;
    const node = await zk.read(path, onHint);
    const session = zk.sessionId();
    if (session === null || signal.aborted) return;
    const goal = wanted;
    await reach(goal, node, session, signal);
    const isSettled = node !== null && goal !== null && node.ephemeralOwner === session && node.data.equals(goal);
    if (isSettled && hints === hintsBefore) settled = { node, session };
    access.onKept?.(goal);
  }

  /**
   * Writes over a node of which nobody said that it changed since it was read, without reading it again: the expected
   * version is enough. Its watch stands, so that it is read again afterwards. False: it has to be read first.
   */
  async function overwrite(): Promise<boolean> {
    const goal = wanted;
    const known = settled;
    settled = null;
    if (known === null || goal === null || known.session !== zk.sessionId() || known.node.data.equals(goal))
      return false;
    try {
      await zk.write(path, goal, known.node.version);
    } catch (error) {
      if (!isCode(error, "BAD_VERSION", "NO_NODE")) throw error;
      return false;
    }
    access.onKept?.(goal);
    return true;
  }

  async function reach(
    goal: Buffer | null,
    node: NodeReading | null,
    session: bigint,
    signal: AbortSignal,
  ): Promise<void> {
    if (goal === null) {
      // Another session's node is not ours to take away.
      if (node !== null && node.ephemeralOwner === session) await zk.remove(path, node.version);
    } else if (node === null) {
      await create(goal);
    } else if (node.ephemeralOwner !== session) {
      if (performance.now() - tookOver < TAKE_OVER_PAUSE_MS) {
        log.warn({ path }, "another process keeps claiming this ephemeral node");
        access.onContested?.();
        await pause(TAKE_OVER_PAUSE_MS, signal);
      }
      tookOver = performance.now();
      await zk.remove(path, node.version);
      await create(goal);
    } else if (!node.data.equals(goal)) {
      await zk.write(path, goal, node.version);
    } else {
      await zk.secure(path, options.access, node);
    }
  }

  async function create(data: Buffer): Promise<void> {
    try {
      await zk.create(path, data, options);
    } catch (error) {
      if (!isCode(error, "NO_NODE")) throw error;
      await zk.ensurePath(parent, access.folder ?? "shared", access.parents);
      await zk.create(path, data, options);
    }
  }

  return {
    update(data) {
      wanted = data;
      loop.wake();
    },
    async withdraw() {
      await loop.stop();
      if (zk.status().session !== "live") return;
      try {
        const node = await zk.read(path);
        if (node !== null && node.ephemeralOwner === zk.sessionId()) await zk.remove(path, node.version);
      } catch (error) {
        log.debug({ err: error, path }, "could not withdraw an ephemeral node");
      }
    },
  };
}
