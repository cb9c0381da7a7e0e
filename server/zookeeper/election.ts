import { randomUUID } from "node:crypto";
import { z } from "zod";
import { canonicalJson } from "#domain/canonical-json.ts";
import type { Part } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import { decode } from "./codec.ts";
import { isCode } from "./failure.ts";
import { levelLoop, type OpenLoop } from "./level-loop.ts";
import { openListeners } from "./listeners.ts";
import type { NodeOperations } from "./operations.ts";
import { paths } from "./paths.ts";
import type { SessionLink } from "./session-link.ts";

/** Who publishes. A leader that lost touch says so at once; that it cannot write any more is up to the fence. */
export interface Election extends Part {
  /** False whenever ZooKeeper is not live. */
  isLeader(): boolean;
  /** Console id of the leader; null when nobody is elected or it is not known just now. */
  leader(): string | null;
  /** Path of our own candidate node: writes check that it still exists. Null when there is none. */
  node(): string | null;
  /** Called when any of the above may have changed; returns its undo. */
  onChange(listener: () => void): () => void;
}

const Candidate = z.object({ consoleId: z.string() });
const CANDIDATE_BYTES_MAX = 4096;
const EVERY_MS = 60_000;

/**
 * Stands as a candidate under `<root>/election`: an ephemeral sequential node; the lowest number leads, every other
 * candidate watches the one before it (and the leader's, for its name).
 */
export function standForElection(
  zk: SessionLink & NodeOperations,
  root: string,
  consoleId: string,
  log: Log,
  openLoop: OpenLoop = levelLoop,
): Election {
  const folder = paths.election(root);
  const prefix = `${randomUUID()}-`;
  const data = Buffer.from(canonicalJson({ consoleId, startedAtMs: Date.now() }));
  const listeners = openListeners<void>("the election", log);
  let own: string | null = null;
  let leaderNode: string | null = null;
  let leader: string | null = null;

  const loop = openLoop(zk, { name: "election", log, work: pass, everyMs: EVERY_MS });
  const onHint = (): void => loop.wake();
  const stopListening = zk.onStatus((status) => {
    if (status.session !== "live") become(own, null, null);
  });

  async function pass(signal: AbortSignal): Promise<void> {
    const names = await candidates();
    const mine = await ownNode(names);
    // Just created, or gone since: the list is no longer what it was.
    if (mine === null || !names.includes(mine)) return signal.aborted ? undefined : loop.wake();
    const first = names[0] ?? mine;
    const before = names[names.indexOf(mine) - 1];
    if (before !== undefined && before !== first) await zk.read(`${folder}/${before}`, onHint);
    const leading = await zk.read(`${folder}/${first}`, onHint);
    if (leading === null) return loop.wake();
    const candidate = decode(leading.data, Candidate, CANDIDATE_BYTES_MAX);
    if (zk.sessionId() !== null)
      become(`${folder}/${mine}`, `${folder}/${first}`, candidate.ok ? candidate.value.consoleId : first);
  }

  /** Names, lowest sequence number first. */
  async function candidates(): Promise<string[]> {
    const names = await zk.children(folder);
    if (names === null) await zk.ensurePath(folder);
    return [...(names ?? [])].filter((name) => /-\d{10}$/.test(name)).sort((a, b) => sequenceOf(a) - sequenceOf(b));
  }

  /**
   * Our node's name, creating it when there is none. Its UUID finds it again when nobody knows whether a create
   * succeeded. One that belongs to a former session would vanish with it: it is deleted.
   */
  async function ownNode(names: readonly string[]): Promise<string | null> {
    for (const name of names.filter((candidate) => candidate.startsWith(prefix))) {
      const node = await zk.read(`${folder}/${name}`, onHint);
      if (node !== null && node.ephemeralOwner === zk.sessionId()) return name;
      if (node !== null) await zk.remove(`${folder}/${name}`, node.version).catch(ignoreMissing);
    }
    await zk.create(`${folder}/${prefix}`, data, { ephemeral: true, sequential: true });
    return null;
  }

  function become(nextOwn: string | null, nextLeaderNode: string | null, nextLeader: string | null): void {
    if (own === nextOwn && leaderNode === nextLeaderNode && leader === nextLeader) return;
    const led = own !== null && own === leaderNode;
    own = nextOwn;
    leaderNode = nextLeaderNode;
    leader = nextLeader;
    const leads = own !== null && own === leaderNode;
    if (led !== leads) log.info({ consoleId, leader }, leads ? "elected: this console publishes" : "no longer elected");
    listeners.tell();
  }

  return {
    name: "election",
    isLeader: () => own !== null && own === leaderNode,
    leader: () => leader,
    node: () => own,
    onChange: listeners.add,
    async stop() {
      listeners.clear();
      stopListening();
      await loop.stop();
      const node = own;
      become(null, null, null);
      if (node === null || zk.status().session !== "live") return;
      await zk
        .remove(node, -1)
        .catch((error: unknown) => log.debug({ err: error }, "could not withdraw the candidacy"));
    },
  };
}

function sequenceOf(name: string): number {
  return Number(name.slice(-10));
}

function ignoreMissing(error: unknown): void {
  if (!isCode(error, "NO_NODE")) throw error;
}
