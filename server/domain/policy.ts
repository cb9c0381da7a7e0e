import { z } from "zod";
import { BreakerPolicySpec } from "./breaker-policy.ts";
import { OverrideSpec } from "./override.ts";
import { RouteSpec } from "./route.ts";
import { ServicePolicySpec } from "./service-policy.ts";

/** Kinds of published objects; each is a folder below `<root>/policy`. */
export const POLICY_KINDS = ["routes", "breakers", "overrides", "services"] as const;
export const PolicyKind = z.enum(POLICY_KINDS);
export type PolicyKind = z.infer<typeof PolicyKind>;

/** `routes/checkout`: the kind and the object's id, as in ZooKeeper below `<root>/policy`. */
export type PolicyKey = `${PolicyKind}/${string}`;

export function policyKey(kind: PolicyKind, id: string): PolicyKey {
  return `${kind}/${id}`;
}

/** Longest id, characters: an override of an instance, on one gateway, with the longest of all three names. */
export const MAX_ID = 512;

/** Largest published document, bytes of UTF-8; checked when an edit is saved. */
export const MAX_DOCUMENT_BYTES = 64 * 1024;

/**
 * What one edit may change, so that one transaction of ZooKeeper (1 MiB, 1,000 operations) publishes it with the fence's
 * check and the head.
 */
export const EDIT_LIMITS = { bytes: 512 * 1024, documents: 998 } as const;

/** Highest revision the database can count to: a higher one was made up. */
export const MAX_REVISION = 2_147_483_647;

/** The schema each kind's `spec` must satisfy. */
export const SPEC_SCHEMAS = {
  routes: RouteSpec,
  breakers: BreakerPolicySpec,
  overrides: OverrideSpec,
  services: ServicePolicySpec,
} as const;
export interface SpecOf {
  routes: RouteSpec;
  breakers: BreakerPolicySpec;
  overrides: OverrideSpec;
  services: ServicePolicySpec;
}

/** Envelope of one published object. `spec: null` is a tombstone: the object was removed at that revision. */
export const PolicyDocument = z.object({
  v: z.literal(1),
  key: z.string(),
  /** Global revision of the edit that last changed the object; 0 for a stranger's that was removed before the first edit. */
  revision: z.int().min(0).max(MAX_REVISION),
  /** Revision of the edit that made the object; absent from tombstones, and from what versions before wrote. */
  created: z.int().min(1).max(MAX_REVISION).optional(),
  spec: z.unknown().nullable(),
  /** SHA-256, hex, of the canonical JSON of `{created, spec}`; without `created`, of `spec` alone. */
  hash: z.string(),
  /** Which database wrote it. */
  incarnation: z.string(),
});
export type PolicyDocument = z.infer<typeof PolicyDocument>;

/** The one node a gateway watches. */
export const PolicyHead = z.object({
  /** 2 had no digests in its journal, 1 a root of another kind besides. */
  v: z.literal([2, 3]),
  incarnation: z.string(),
  /** Highest revision fully published. */
  revision: z.int().min(0).max(MAX_REVISION),
  /** How many live (not tombstoned) documents there are. */
  count: z.int().min(0),
  /** Sum modulo 2^256, hex, of the SHA-256 of `key:hash` of all live documents. */
  root: z.string(),
  /**
   * The latest changes, oldest first, each key once: a gateway at revision N reads only the keys after N. From format 3 on
   * each names its document's digest (`documentDigest`), so that a reading tells whether it is what was published.
   */
  journal: z.array(z.tuple([z.int(), z.enum(["set", "remove"]), z.string(), z.string().optional()])),
});
export type PolicyHead = z.infer<typeof PolicyHead>;

/** A live policy object as the console stores and shows it. */
export interface PolicyRow<Spec = unknown> {
  readonly id: string;
  /** Grows by one with every edit of the object; an edit names the version it started from. */
  readonly version: number;
  /** Global revision of the edit that last changed it. */
  readonly revision: number;
  /** Of the edit that made it; absent until the next edit of what was last edited with a version that did not record it. */
  readonly created?: number;
  readonly spec: Spec;
  /** Unix epoch, ms. */
  readonly updatedAtMs: number;
  /** Name of who last changed it, for people. */
  readonly updatedBy: string;
}
