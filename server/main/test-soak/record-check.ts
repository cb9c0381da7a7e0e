import { auditHash, chainEnd, readAuditAfter } from "#db/audit-repository.ts";
import type { Database } from "#db/client.ts";
import { lockMesh } from "#db/mesh-repository.ts";
import { readDocuments } from "#db/policy-repository.ts";
import type { AuditEntry } from "#domain/audit.ts";
import { CHAIN_START, walkChain, type ChainPosition } from "#domain/audit-chain.ts";
import { canonicalJson } from "#domain/canonical-json.ts";
import { EDITOR } from "./carry-out.ts";
import type { Attempt } from "./editor.ts";
import type { Projection } from "./mesh-checks.ts";

/** What the database holds, and what in it is wrong. */
export interface Records {
  readonly projection: Projection;
  readonly problems: readonly string[];
}

const PAGE = 500;

/**
 * Checks the database after each fault: accepted edits = revisions = audit entries = what stands in the tables, and
 * the chain of the audit log holds. It goes on where it stopped, so that a thousand faults are not a thousand readings of all.
 */
export class RecordCheck {
  readonly #database: Database;
  #position: ChainPosition = CHAIN_START;
  #revision = 0;
  readonly #latest = new Map<string, AuditEntry>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** `attempts`: all edits since the last check. */
  async check(attempts: readonly Attempt[]): Promise<Records> {
    const { mesh, end, deliveries, entries, documents } = await this.#database.transaction(async (tx) => {
      // A process that was killed while it committed may have asked for that before it died: its lock is waited for.
      const row = await lockMesh(tx);
      const added: AuditEntry[] = [];
      for (let from = this.#position.sequence; ; from = added.at(-1)?.sequence ?? from) {
        const page = await readAuditAfter(tx, from, PAGE);
        added.push(...page);
        if (page.length < PAGE) break;
      }
      return {
        mesh: row,
        end: await chainEnd(tx),
        deliveries: await tx.delivery.count(),
        entries: added,
        documents: await readDocuments(tx, row.incarnation, 0),
      };
    });
    const problems = [
      ...this.#walk(entries, end),
      ...this.#count(entries, mesh.revision, deliveries),
      ...matchAttempts(attempts, entries),
    ];
    for (const entry of entries) if (entry.revision !== null) this.#latest.set(entry.target, entry);
    for (const { key, revision, spec } of documents) {
      const entry = this.#latest.get(key);
      if (entry?.revision !== revision || canonicalJson(entry.after ?? null) !== canonicalJson(spec))
        problems.push(`${key} stands at revision ${revision}; its last audit entry is of ${entry?.revision ?? "none"}`);
    }
    if (documents.length !== this.#latest.size)
      problems.push(`${documents.length} objects, ${this.#latest.size} in the audit log`);
    const { incarnation, revision } = mesh;
    return { projection: { incarnation, revision, documents }, problems };
  }

  #walk(entries: readonly AuditEntry[], end: ChainPosition): string[] {
    const { position, firstBroken } = walkChain(this.#position, entries, auditHash);
    this.#position = position;
    if (firstBroken !== null) return [`the audit chain breaks at ${firstBroken}`];
    return position.hash === end.hash ? [] : ["the audit chain does not end where the mesh row says"];
  }

  /** Revisions are counted without a gap, each with a delivery row and an audit entry. */
  #count(entries: readonly AuditEntry[], revision: number, deliveries: number): string[] {
    const audited = new Set(entries.flatMap((entry) => entry.revision ?? []));
    const problems: string[] = [];
    for (let next = this.#revision + 1; next <= revision; next += 1)
      if (!audited.delete(next)) problems.push(`revision ${next} has no audit entry`);
    for (const extra of audited) problems.push(`an audit entry names revision ${extra}, which was not saved then`);
    if (deliveries !== revision) problems.push(`${deliveries} delivery rows at revision ${revision}`);
    this.#revision = revision;
    return problems;
  }
}

/** Every attempt that was answered has its entry, once, in order; and there are no others. */
function matchAttempts(attempts: readonly Attempt[], entries: readonly AuditEntry[]): string[] {
  const problems: string[] = [];
  const byKey = new Map<string, AuditEntry[]>();
  for (const entry of entries) {
    if (entry.revision === null || entry.actor.id !== EDITOR.id) continue;
    byKey.set(entry.target, [...(byKey.get(entry.target) ?? []), entry]);
  }
  for (const attempt of attempts) {
    const { key, marker, outcome } = attempt;
    // Each object is edited by one hand alone: there is nothing to refuse.
    if (outcome.kind === "refused") {
      problems.push(`${marker} on ${key} was refused: ${outcome.code} ${outcome.detail}`);
      continue;
    }
    const next = byKey.get(key)?.shift();
    if (next === undefined || !isOf(next, attempt) || next.revision !== outcome.revision)
      problems.push(`${marker} on ${key} was acknowledged as revision ${outcome.revision} and is lost`);
  }
  for (const [key, rest] of byKey)
    for (const entry of rest)
      problems.push(`revision ${entry.revision} of ${key} is an edit nobody asked for, or one made twice`);
  return problems;
}

function isOf(entry: AuditEntry, { removes, marker }: Attempt): boolean {
  return removes ? entry.after === null : canonicalJson(entry.after).includes(`"${marker}"`);
}
