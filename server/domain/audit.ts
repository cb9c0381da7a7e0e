import { z } from "zod";

/** Who did it: a person, a gateway (automatic breaker transitions), or Meshkeeper itself (seeding, expiry). */
export const ActorKind = z.enum(["person", "gateway", "system"]);
export interface Actor {
  readonly kind: z.infer<typeof ActorKind>;
  /** Stable id: user id, gateway id, or the part of the system. */
  readonly id: string;
  /** Shown to people. */
  readonly name: string;
}

export const AUDIT_ACTIONS = [
  "route.create",
  "route.update",
  "route.remove",
  "breaker-policy.save",
  "breaker-policy.remove",
  "service-policy.save",
  "service-policy.remove",
  "override.set",
  "override.extend",
  "override.lift",
  "override.expire",
  "breaker.transition",
  "edit.refused",
  "drift.detect",
  "drift.repair",
  "drift.adopt",
  "drift.restore",
  "drift.ignore",
  "drift.mode",
  "mesh.take-over",
  "health.save",
  "person.first-administrator",
  "person.sign-in",
] as const;
export const AuditAction = z.enum(AUDIT_ACTIONS);
export type AuditAction = z.infer<typeof AuditAction>;

/** One line of the log, as stored and as shown. Entries form a chain: each hash covers the previous one. */
export interface AuditEntry {
  /** 1, 2, 3 … without gaps. */
  readonly sequence: number;
  /** Unix epoch, ms. */
  readonly atMs: number;
  readonly actor: Actor;
  readonly action: AuditAction;
  /** What it was done to, e.g. `routes/checkout`. */
  readonly target: string;
  /** One sentence for people. */
  readonly summary: string;
  readonly before: unknown;
  readonly after: unknown;
  /** Global revision the edit made; null when it changed no policy. */
  readonly revision: number | null;
  readonly previousHash: string;
  readonly hash: string;
}

/** What a person asks of the log; latest entries first. */
export const AuditQuery = z.object({
  /** Part of a summary, target or actor's name, without regard to case. */
  search: z.string().trim().max(200).optional(),
  action: AuditAction.optional(),
  /** All but this one. */
  exceptAction: AuditAction.optional(),
  /** Only entries before this one: the previous page's `nextBefore`. */
  beforeSequence: z.int().min(1).optional(),
  limit: z.int().min(1).max(200).default(50),
});
export type AuditQuery = z.infer<typeof AuditQuery>;

export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  /** Pass as `beforeSequence` for the next page; null on the last one. */
  readonly nextBefore: number | null;
  /** Entries that match, on all pages. */
  readonly total: number;
}

/** Outcome of walking the whole chain. */
export interface AuditVerification {
  readonly ok: boolean;
  /** Entries that were read and found whole. */
  readonly checked: number;
  /** Sequence of the first entry that is missing or does not match; null when all do. */
  readonly firstBroken: number | null;
  /** What the last position written to ZooKeeper says: a log that was rolled back or made anew as a whole differs from it. */
  readonly anchor: AnchorVerdict;
}

/**
 * `none`: there is none yet, or it is another database's. `unread`: ZooKeeper did not answer. `missing`: the log ends
 * before it. `differs`: the entry there is another one.
 */
export interface AnchorVerdict {
  readonly state: "agrees" | "none" | "unread" | "missing" | "differs";
  /** Entry it names; null when there is none, or it was not read. */
  readonly sequence: number | null;
}
