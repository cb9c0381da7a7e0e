import { POLICY_KINDS } from "#domain/policy.ts";
import type { AccessLists } from "#domain/zookeeper-status.ts";
import type { Part } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import { grantsTheSame, isPublicFolder, type NodeAccess } from "./access.ts";
import { orRefusal, readEach } from "./cached-reader.ts";
import type { Election } from "./election.ts";
import { levelLoop } from "./level-loop.ts";
import { paths } from "./paths.ts";
import type { ZooKeeper } from "./session.ts";

export interface AccessListsOptions {
  readonly root: string;
  /** Folders of registries in which we make folders too; others' are left alone. */
  readonly registries: readonly string[];
  readonly election: Pick<Election, "isLeader" | "onChange">;
  /**
   * A session with the new credential alone, while there is a previous one besides: what it may not read would be out of
   * reach later. Lists of nodes that others keep do not tell: ZooKeeper shows whole identities to those only who may
   * change the list (PrepRequestProcessor and FinalRequestProcessor, since 3.6). Null: no credential is being changed.
   */
  readonly alone: Pick<ZooKeeper, "read"> | null;
  readonly log: Log;
  /** How often it looks while there is something to wait for, ms. Default 30,000. */
  readonly everyMs?: number;
}

/** Keeps every node's access control list what it should be, and tells how far that has come. */
export interface AccessListKeeper extends Part {
  /** What the last look found; null before the first, and while access is open. */
  current(): AccessLists | null;
}

/**
 * What is to become of a node's list. `gateway`: another process keeps the node and its list, which has to let us read.
 * `folder`: a folder of a registry, if it is one of ours.
 */
type Keeping = NodeAccess | "gateway" | "folder";
/** `left`: it is not as it should be, and was not put right. */
type Found = "right" | "repaired" | "left" | "gone";

const EVERY_MS = 30_000;
/** How often everything is looked at while nothing is to be waited for: documents are looked at whenever they are read. */
const QUIET_MS = 600_000;
/** Nodes named of those that are left. */
const NAMED_MAX = 5;

/**
 * Looks at the list of every node of the mesh, and of the registry's folders that we made. The leader puts right what is
 * not as it should be; who follows only counts. While a credential is being changed, the count tells when every node
 * grants the new one what it needs, so that the previous one can go.
 */
export function keepAccessLists(zk: ZooKeeper, options: AccessListsOptions): AccessListKeeper {
  const { root, election, log } = options;
  let latest: AccessLists | null = null;
  let isDue = true;
  let lookedAt = 0;
  let said = "";
  const loop = levelLoop(zk, {
    name: "access lists",
    log,
    work: pass,
    everyMs: options.everyMs ?? EVERY_MS,
  });
  const again = (): void => {
    isDue = true;
    loop.wake();
  };
  const stopListening = election.onChange(again);

  async function pass(signal: AbortSignal): Promise<void> {
    if (zk.access === "open") return;
    const { isRotating } = zk.accessRules;
    const isWaiting = latest === null || latest.left > 0 || isRotating;
    if (!isDue && !isWaiting && performance.now() - lookedAt < QUIET_MS) return;
    isDue = false;
    const places = await everyPlace();
    const found = await readEach(places, ([path, keeping]) => look(path, keeping));
    if (signal.aborted) return;
    lookedAt = performance.now();
    const left = places.flatMap(([path], at) => (found[at] === "left" ? [path] : []));
    latest = {
      atMs: Date.now(),
      nodes: found.filter((one) => one !== "gone").length,
      repaired: found.filter((one) => one === "repaired").length,
      left: left.length,
      leftPaths: left.slice(0, NAMED_MAX),
      isRotating,
    };
    say(latest);
  }

  async function look(path: string, keeping: Keeping): Promise<Found> {
    if (keeping === "gateway") return lookAtOthers(path);
    const answer = await orRefusal(zk.inspectAccess(path));
    if ("refusal" in answer) return "left";
    if (answer.value === null) return "gone";
    const { list } = answer.value;
    if (keeping === "folder" && !isPublicFolder(list)) return "gone";
    const access = keeping === "folder" ? "public" : keeping;
    if (grantsTheSame(list, zk.accessRules.listFor(access))) return "right";
    if (!election.isLeader()) return "left";
    const repaired = await orRefusal(zk.secure(path, access));
    // A folder of a registry that is not ours to change is another mesh's.
    if ("refusal" in repaired) return keeping === "folder" ? "gone" : "left";
    return repaired.value === "absent" ? "gone" : "repaired";
  }

  async function lookAtOthers(path: string): Promise<Found> {
    const answer = await orRefusal((options.alone ?? zk).read(path));
    if ("refusal" in answer) return "left";
    return answer.value === null ? "gone" : "right";
  }

  async function everyPlace(): Promise<(readonly [string, Keeping])[]> {
    const kinds = POLICY_KINDS.map((kind) => paths.kind(root, kind));
    const below = await Promise.all([
      ...kinds.map((folder) => inFolder(folder, "private")),
      inFolder(paths.election(root), "own"),
      inFolder(paths.gateways(root), "gateway"),
      inFolder(paths.acknowledgements(root), "gateway"),
      ...options.registries.map((registry) => inFolder(registry, "folder")),
    ]);
    const folders: (readonly [string, Keeping])[] = [
      ["/", "folder"],
      ...[root, paths.policy(root), paths.head(root), ...kinds, paths.election(root), paths.auditAnchor(root)].map(
        (path) => [path, "private"] as const,
      ),
      [paths.gateways(root), "shared"],
      [paths.acknowledgements(root), "shared"],
      ...options.registries.map((registry) => [registry, "folder"] as const),
    ];
    return [...folders, ...below.flat()];
  }

  /** What is in a folder; nothing where it may not be looked into: then the folder itself is one that is left. */
  async function inFolder(folder: string, keeping: Keeping): Promise<(readonly [string, Keeping])[]> {
    const names = await orRefusal(zk.children(folder));
    if ("refusal" in names) return [];
    return (names.value ?? []).map((name) => [`${folder}/${name}`, keeping] as const);
  }

  /** Says a thing once. */
  function say({ nodes, repaired, left, leftPaths, isRotating }: AccessLists): void {
    if (repaired > 0) log.info({ nodes, repaired }, "access lists in ZooKeeper were put right");
    const text = left > 0 ? `left ${left}` : isRotating ? "rotated" : "";
    if (text === said) return;
    said = text;
    if (left > 0) log.warn({ nodes, left, paths: leftPaths }, "access lists in ZooKeeper are not as they should be");
    else if (isRotating)
      log.info({ nodes }, "every node grants the new credential its rights; ZOOKEEPER_AUTH_PREVIOUS can be taken out");
  }

  return {
    name: "access lists",
    current: () => latest,
    async stop() {
      stopListening();
      await loop.stop();
    },
  };
}
