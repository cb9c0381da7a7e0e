import { z } from "zod";
import type { DriftMode } from "./drift.ts";

export const HaltKind = z.enum(["foreign", "behind", "gateways", "unpublishable"]);
export type HaltKind = z.infer<typeof HaltKind>;

/** A gateway that holds a later revision of this database than it has. */
export interface GatewayAhead {
  readonly id: string;
  readonly revision: number;
}

/** Why nothing is published until a person has chosen. */
export interface Halt {
  /**
   * `foreign`: ZooKeeper holds another database's policy. `behind`: it holds a later revision than the database, as after
   * a restored backup. `gateways`: gateways do, and it does not, as when it lost everything besides. `unpublishable`: an
   * object is out of bounds.
   */
  readonly kind: HaltKind;
  /** For people. */
  readonly reason: string;
  readonly mesh: { readonly incarnation: string; readonly revision: number; readonly objects: number };
  readonly database: { readonly incarnation: string; readonly revision: number; readonly objects: number };
}

/** Whether what is published counts other edits than this database: then revisions of the two are not to be compared. */
export function isOtherHistory(halt: Halt | null): boolean {
  return halt?.kind === "foreign" || halt?.kind === "behind";
}

/** A node ZooKeeper does not let the publisher write. */
export interface BlockedNode {
  readonly path: string;
  readonly problem: string;
}

/** The leader's latest comparison of everything. */
export interface FullPass {
  /** Unix epoch, ms, when it ended. */
  readonly atMs: number;
  readonly tookMs: number;
  /** Documents compared, tombstones included. */
  readonly documents: number;
  /** Documents and head that had to be written. */
  readonly writes: number;
}

/** What the console that publishes says of itself, to all consoles. */
export interface PublisherReport {
  readonly consoleId: string;
  /** Unix epoch, ms. */
  readonly atMs: number;
  readonly halt: Halt | null;
  readonly blocked: readonly BlockedNode[];
  readonly lastFullPass: FullPass | null;
}

export interface StandingFinding {
  readonly foundHash: string;
  readonly decision: "none" | "restore" | "ignore";
}

/** What people decided that the publisher has to keep to. */
export interface PublishRules {
  readonly driftMode: DriftMode;
  /** Incarnation whose published policy may be written over; null: none. */
  readonly supersedes: string | null;
  /** A revision that gateways were seen to hold and the database had not reached, until a person has chosen; null: none. */
  readonly gatewaysAhead?: number | null;
  /** Its head up to this revision, as it was when a person said so; null: whatever its head is. */
  readonly supersedesUpTo?: number | null;
  /** Findings that are not over, by key: what a person decided binds while the node's bytes have that hash. */
  readonly standing: ReadonlyMap<string, StandingFinding>;
}

/** How long edits took on their way lately, ms since they were saved; null where nothing is known. */
export interface Propagation {
  /** Edits looked at. */
  readonly edits: number;
  readonly published: { readonly p50Ms: number; readonly p99Ms: number } | null;
  /** By every gateway that acknowledged. */
  readonly applied: { readonly p50Ms: number; readonly p99Ms: number } | null;
}

/** When one edit was saved, published and applied, Unix epoch ms. */
export interface DeliveryTimes {
  readonly revision: number;
  readonly savedAtMs: number;
  readonly publishedAtMs: number | null;
  readonly applied: readonly { readonly gatewayId: string; readonly atMs: number }[];
}

/** How far an edit came, without naming each of what may be hundreds of gateways. */
export interface AppliedSummary {
  /** Gateways of those that were there when it was saved. */
  readonly count: number;
  /** The last of them; null while there is none. When it was, Unix epoch ms. */
  readonly last: { readonly gatewayId: string; readonly atMs: number } | null;
}

/** When one edit was saved, published and applied, in a list, with what the edit was. */
export interface EditDelivery extends Omit<DeliveryTimes, "applied"> {
  readonly applied: AppliedSummary;
  /** Policy keys it changed, the one it was made for first. */
  readonly targets: readonly string[];
  /** One sentence for people. */
  readonly summary: string;
  /** Who made it, for people. */
  readonly actor: string;
}

/** One object that the mesh and the database hold differently. A side without it is null. */
export interface MeshDifference {
  /** Policy key. */
  readonly key: string;
  readonly mesh: unknown;
  readonly database: unknown;
}

/** What a person has to know before choosing a side. */
export interface MeshSurvey {
  readonly mesh: { readonly incarnation: string; readonly revision: number; readonly objects: number };
  readonly database: { readonly incarnation: string; readonly revision: number; readonly objects: number };
  /** By key, at most `SURVEY_MAX`. */
  readonly differences: readonly MeshDifference[];
  /** How many there are, shown or not. */
  readonly total: number;
  /** Gateways that hold a later revision of this database than it has, by id. */
  readonly ahead: readonly GatewayAhead[];
  /** Whether the mesh holds anything that could be kept: another database's policy, or changes that this one does not know. */
  readonly canKeepMesh: boolean;
  /** Nodes of the mesh that cannot be read: whichever side is kept, they are written over. */
  readonly unreadable: readonly { readonly key: string; readonly problem: string }[];
}

export const SURVEY_MAX = 500;

/** Which side wins. `database`: it is published over what is there. `mesh`: it becomes what is there. */
export const KeptSide = z.enum(["database", "mesh"]);
export type KeptSide = z.infer<typeof KeptSide>;
