import { POLICY_KINDS } from "#domain/policy.ts";
import type { Part } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import type { NodeAccess } from "./access.ts";
import { levelLoop } from "./level-loop.ts";
import { paths } from "./paths.ts";
import type { ZooKeeper } from "./session.ts";

const EVERY_MS = 60_000;

/**
 * Keeps the mesh's folders there, with the access lists they should have, while access is closed: gateways cannot make
 * them, and a folder from before credentials were set is still open. Does nothing while access is open.
 */
export function keepFolders(zk: ZooKeeper, root: string, log: Log): Part {
  const folders: readonly (readonly [string, NodeAccess])[] = [
    [root, "private"],
    [paths.policy(root), "private"],
    ...POLICY_KINDS.map((kind) => [paths.kind(root, kind), "private"] as const),
    [paths.election(root), "private"],
    [paths.gateways(root), "shared"],
    [paths.acknowledgements(root), "shared"],
  ];

  async function pass(): Promise<void> {
    if (zk.access === "open") return;
    for (const [path, access] of folders) {
      let secured = await zk.secure(path, access);
      if (secured === "absent") {
        await zk.ensurePath(path, access);
        secured = await zk.secure(path, access);
      }
      if (secured === "repaired") log.warn({ path }, "the access list of a folder was not ours; put right");
    }
  }

  const loop = levelLoop(zk, { name: "mesh folders", log, work: pass, everyMs: EVERY_MS });
  return { name: "mesh folders", stop: () => loop.stop() };
}
