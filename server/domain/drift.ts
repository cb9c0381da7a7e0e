import { z } from "zod";

/** What comes of a published node that somebody else changed: it is put right at once, or a person is asked. */
export const DriftMode = z.enum(["repair", "hold"]);
export type DriftMode = z.infer<typeof DriftMode>;

/**
 * `open`: a person has to decide. `restoring`: a person wants what was published back, the publisher has not got to it.
 * `ignored`: left as found, while it stays as found. The others are over: `repaired` (put right), `adopted` (made an
 * edit), `superseded` (found otherwise since, or the object was edited).
 */
export const DriftState = z.enum(["open", "restoring", "ignored", "repaired", "adopted", "superseded"]);
export type DriftState = z.infer<typeof DriftState>;

/** A finding's key is indexed: longer names, which nothing of ours has, are cut. Characters. */
const KEY_MAX = 600;

/** A node's key as findings, and the log, have it. */
export function findingKey(key: string): string {
  return key.slice(0, KEY_MAX);
}

/** A published node that was not what had been published there. */
export interface DriftFinding {
  readonly id: string;
  /** Policy key, or `head`. */
  readonly key: string;
  /** What is wrong with it, for people. */
  readonly problem: string;
  /** SHA-256, hex, of the bytes found; empty when there was no node. A decision binds while the node is that. */
  readonly foundHash: string;
  /** What was found: the spec where it can be read, else the text, cut short; null when there was nothing. */
  readonly found: unknown;
  /** Spec that had been published there last; null for a removed object, or when it never was. */
  readonly published: unknown;
  readonly publishedRevision: number | null;
  /** Unix epoch, ms. */
  readonly foundAtMs: number;
  readonly state: DriftState;
  /** Name of the person, or of the part of Meshkeeper, that decided; null while nobody has. */
  readonly decidedBy: string | null;
  readonly resolvedAtMs: number | null;
}

/** A finding with what the database holds now: the third side of the difference. */
export interface DriftDifference extends DriftFinding {
  readonly database: unknown;
  readonly databaseRevision: number | null;
}

/** Findings that are listed, and decided about, at once. */
export const FINDINGS_MAX = 500;

/** What a person can do about a finding that is open or ignored. */
export const DriftDecision = z.enum(["restore", "adopt", "ignore"]);
export type DriftDecision = z.infer<typeof DriftDecision>;

/** What came of a decision about several findings. */
export interface DecidedFindings {
  /** How many it was carried out for. */
  readonly decided: number;
  /** Keys of those that are no longer as the person saw them: nothing was decided about these. */
  readonly moved: readonly string[];
  /** The revision that adopting made; null otherwise. */
  readonly revision: number | null;
}
