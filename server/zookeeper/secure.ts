import { grantsTheSame, type AccessPolicy, type AclEntry, type NodeAccess } from "./access.ts";
import type { CallInfo, Send } from "./calls.ts";
import { isCode, ZooKeeperFailure } from "./failure.ts";
import { zookeeper } from "./library.ts";
import type { Acl, Stat } from "node-zookeeper-client";

/** Which state of which node: a list changes only with its version, and a new node has another czxid. */
export interface AccessVersion {
  readonly czxid: bigint;
  readonly aclVersion: number;
}

/** `repaired`: the list was another one. `absent`: no such node. */
export type Secured = "kept" | "repaired" | "absent";

/** A node's access control list as read once. */
export interface AccessReading extends AccessVersion {
  readonly list: readonly AclEntry[];
}

/** Reads and repairs access control lists. */
export interface Secure {
  /** As `NodeOperations.secure`. */
  secure(path: string, access: NodeAccess, seen?: AccessVersion): Promise<Secured>;
  /** Null: no such node. */
  inspectAccess(path: string): Promise<AccessReading | null>;
}

/** Entries remembered as right; beyond this, one that was not asked for the longest is asked of the server again. */
const REMEMBERED_MAX = 50_000;
const RACES_MAX = 8;

/** The library's form of a list. */
export function libraryList(list: readonly AclEntry[]): Acl[] {
  return list.map(({ scheme, id, permissions }) => new zookeeper.ACL(permissions, new zookeeper.Id(scheme, id)));
}

/**
 * Keeps nodes' access control lists what the policy wants. Without credentials there is nothing to keep: lists are left
 * as they are.
 */
export function openSecure(options: {
  readonly policy: AccessPolicy;
  readonly absolute: (path: string) => string;
  readonly run: <T>(info: CallInfo, send: Send<T>) => Promise<T>;
}): Secure {
  const { policy, absolute, run } = options;
  const right = new Map<string, string>();

  function remember(key: string, version: AccessVersion): void {
    right.delete(key);
    right.set(key, `${version.czxid} ${version.aclVersion}`);
    if (right.size <= REMEMBERED_MAX) return;
    for (const [oldest] of right) return void right.delete(oldest);
  }

  function getAcl(path: string): Promise<AccessReading> {
    return run({ operation: "read the access list of", path }, (client, done) =>
      client.getACL(absolute(path), (error, list, stat) =>
        done(error, () => {
          if (list === undefined || stat === undefined) throw new TypeError("the answer is incomplete");
          const entries = list.map(({ permission, id }) => ({ scheme: id.scheme, id: id.id, permissions: permission }));
          return { ...accessVersion(stat), list: entries };
        }),
      ),
    );
  }

  function setAcl(path: string, list: readonly AclEntry[], version: number): Promise<AccessVersion> {
    return run({ operation: "set the access list of", path }, (client, done) =>
      client.setACL(absolute(path), libraryList(list), version, (error, stat) =>
        done(error, () => {
          if (stat === undefined) throw new TypeError("the answer is incomplete");
          return accessVersion(stat);
        }),
      ),
    );
  }

  async function secure(path: string, access: NodeAccess, seen?: AccessVersion): Promise<Secured> {
    if (policy.access === "open") return "kept";
    const key = `${access} ${path}`;
    if (seen !== undefined && right.get(key) === `${seen.czxid} ${seen.aclVersion}`) return "kept";
    const wanted = policy.listFor(access);
    for (let race = 0; race < RACES_MAX; race += 1) {
      try {
        const found = await getAcl(path);
        const same = grantsTheSame(found.list, wanted);
        remember(key, same ? found : await setAcl(path, wanted, found.aclVersion));
        return same ? "kept" : "repaired";
      } catch (error) {
        if (isCode(error, "NO_NODE")) return "absent";
        if (!isCode(error, "BAD_VERSION")) throw error;
      }
    }
    throw new ZooKeeperFailure("UNSTABLE", { operation: "secure", path });
  }

  return {
    secure,
    async inspectAccess(path) {
      try {
        return await getAcl(path);
      } catch (error) {
        if (isCode(error, "NO_NODE")) return null;
        throw error;
      }
    },
  };
}

/** From the statistics of any answer about a node. */
export function accessVersion(stat: Stat): AccessVersion {
  return { czxid: stat.czxid.readBigInt64BE(0), aclVersion: stat.aversion };
}
