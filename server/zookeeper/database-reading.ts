import type { PolicyDocument } from "#domain/policy.ts";
import type { PublishRules } from "#domain/publishing.ts";

/** One state of the database. */
export interface DatabaseReading {
  /** UUID made once per database. */
  readonly incarnation: string;
  /** Highest revision, whatever it changed. */
  readonly revision: number;
  /** Those asked for, tombstones included, in the order of their revisions. */
  readonly documents: readonly PolicyDocument[];
}

/** The database, as the publisher reads it. Each reading is one consistent state; a rejection is retried. */
export interface PolicySource {
  /** Documents whose revision is greater than `after`; 0: all. */
  readSince(after: number): Promise<DatabaseReading>;
  /** What people decided; read when something drifted or another database's policy was found. */
  rules(): Promise<PublishRules>;
  /** Keys of objects that were removed before this moment (Unix epoch, ms). */
  tombstonesBefore(atMs: number): Promise<readonly string[]>;
}
