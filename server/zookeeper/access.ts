import { createHash } from "node:crypto";

/** What a process proves itself with, by ZooKeeper's digest scheme. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/**
 * Who may do what with a node.
 * - `private`: the mesh's owners everything, its members read. Policy, and everything not said otherwise.
 * - `shared`: a folder of the owners in which members create and delete.
 * - `own`: what one process keeps for itself: it everything, owners and members read.
 * - `public`: a folder of the registry, in which everybody creates and deletes, as third parties must.
 * - `registration`: an entry in the registry: its process everything, everybody reads.
 */
export type NodeAccess = "private" | "shared" | "own" | "public" | "registration";

/** One entry of an access control list, as ZooKeeper keeps it. */
export interface AclEntry {
  readonly scheme: string;
  readonly id: string;
  /** Sum of the wanted of `PERMISSION`. */
  readonly permissions: number;
}

export interface AccessOptions {
  /** Absent: every list is open to everybody. */
  readonly auth?: Credentials | undefined;
  /** The other side's identities, as `digestId` gives them: an owner's members, a member's owners. */
  readonly peers?: readonly string[] | undefined;
  /** Consoles are owners, the default; gateways are members. A member without peers is an owner, for want of any. */
  readonly role?: "owner" | "member" | undefined;
}

export interface AccessPolicy {
  readonly access: "open" | "closed";
  listFor(access: NodeAccess): readonly AclEntry[];
}

/** ZooKeeper's permission bits (ZooDefs.Perms). */
export const PERMISSION = { read: 1, write: 2, create: 4, delete: 8, admin: 16, all: 31 } as const;

const WORLD = { scheme: "world", id: "anyone" } as const;
const USE_FOLDER = PERMISSION.create | PERMISSION.delete | PERMISSION.read;

/** `user:base64(sha1(user:password))`, as in a digest entry of a list (DigestAuthenticationProvider.generateDigest). */
export function digestId({ user, password }: Credentials): string {
  return `${user}:${createHash("sha1").update(`${user}:${password}`).digest("base64")}`;
}

/** The lists of this process's nodes. Whichever side makes a folder first, it comes out the same. */
export function accessPolicy({ auth, peers = [], role = "owner" }: AccessOptions): AccessPolicy {
  if (auth === undefined) {
    const open = [{ ...WORLD, permissions: PERMISSION.all }];
    return { access: "open", listFor: () => open };
  }
  const self = digestId(auth);
  const owned = role === "owner" || peers.length === 0;
  const owners = owned ? [self] : peers;
  const members = owned ? peers : [self];
  const digest = (ids: readonly string[], permissions: number): AclEntry[] =>
    ids.map((id) => ({ scheme: "digest", id, permissions }));
  const lists: Readonly<Record<NodeAccess, readonly AclEntry[]>> = {
    private: merge([...digest(owners, PERMISSION.all), ...digest(members, PERMISSION.read)]),
    shared: merge([...digest(owners, PERMISSION.all), ...digest(members, USE_FOLDER)]),
    own: merge([...digest([self], PERMISSION.all), ...digest([...owners, ...members], PERMISSION.read)]),
    public: merge([...digest(owners, PERMISSION.all), { ...WORLD, permissions: USE_FOLDER }]),
    registration: merge([...digest([self], PERMISSION.all), { ...WORLD, permissions: PERMISSION.read }]),
  };
  return { access: "closed", listFor: (access) => lists[access] };
}

/** Whether two lists grant the same, whatever the order and the repetitions. */
export function grantsTheSame(a: readonly AclEntry[], b: readonly AclEntry[]): boolean {
  const text = (list: readonly AclEntry[]): string =>
    merge(list)
      .map(({ scheme, id, permissions }) => `${permissions} ${scheme} ${id}`)
      .sort()
      .join("\n");
  return text(a) === text(b);
}

/** One entry per identity, with all it was granted. */
function merge(list: readonly AclEntry[]): AclEntry[] {
  const merged = new Map<string, AclEntry>();
  for (const entry of list) {
    const key = `${entry.scheme} ${entry.id}`;
    const permissions = (merged.get(key)?.permissions ?? 0) | entry.permissions;
    merged.set(key, { ...entry, permissions });
  }
  return Array.from(merged.values());
}
