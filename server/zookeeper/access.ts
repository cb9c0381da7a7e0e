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
  /** What `auth` was before: proved besides and granted the same, until every process and every list knows the new one. */
  readonly previousAuth?: Credentials | undefined;
  /** The other side's identities, as `digestId` gives them: an owner's members, a member's owners. */
  readonly peers?: readonly string[] | undefined;
  /** Consoles are owners, the default; gateways are members. A member without peers is an owner, for want of any. */
  readonly role?: "owner" | "member" | undefined;
}

export interface AccessPolicy {
  readonly access: "open" | "closed";
  listFor(access: NodeAccess): readonly AclEntry[];
  /** A previous identity is granted the same still. */
  readonly isRotating: boolean;
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
export function accessPolicy({ auth, previousAuth, peers = [], role = "owner" }: AccessOptions): AccessPolicy {
  if (auth === undefined) {
    const open = [{ ...WORLD, permissions: PERMISSION.all }];
    return { access: "open", listFor: () => open, isRotating: false };
  }
  const self = digestId(auth);
  const selves = previousAuth === undefined ? [self] : [self, digestId(previousAuth)];
  const owned = role === "owner" || peers.length === 0;
  const owners = owned ? selves : peers;
  const members = owned ? peers : selves;
  const digest = (ids: readonly string[], permissions: number): AclEntry[] =>
    ids.map((id) => ({ scheme: "digest", id, permissions }));
  const lists: Readonly<Record<NodeAccess, readonly AclEntry[]>> = {
    private: merge([...digest(owners, PERMISSION.all), ...digest(members, PERMISSION.read)]),
    shared: merge([...digest(owners, PERMISSION.all), ...digest(members, USE_FOLDER)]),
    own: merge([...digest(selves, PERMISSION.all), ...digest([...owners, ...members], PERMISSION.read)]),
    public: merge([...digest(owners, PERMISSION.all), { ...WORLD, permissions: USE_FOLDER }]),
    registration: merge([...digest(selves, PERMISSION.all), { ...WORLD, permissions: PERMISSION.read }]),
  };
  return { access: "closed", listFor: (access) => lists[access], isRotating: selves.length > 1 };
}

/**
 * Whether a list is one that we give folders of the registry, whoever the owners were then: everybody creates and deletes,
 * digest identities do everything, and nobody else anything. Other people's folders have no such list.
 */
export function isPublicFolder(list: readonly AclEntry[]): boolean {
  const [world, ...owners] = merge(list).toSorted((a) => (a.scheme === "world" ? -1 : 1));
  return (
    world?.scheme === "world" &&
    world.permissions === USE_FOLDER &&
    owners.length > 0 &&
    owners.every(({ scheme, permissions }) => scheme === "digest" && permissions === PERMISSION.all)
  );
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
