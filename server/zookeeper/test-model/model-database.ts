import { ageOf, type PolicySnapshot } from "#domain/snapshot.ts";
import { policyKey, type PolicyDocument, type PolicyKey } from "#domain/policy.ts";
import { OverrideSpec } from "#domain/override.ts";
import type { PublisherReport, PublishRules, StandingFinding } from "#domain/publishing.ts";
import { documentHash } from "../codec.ts";
import { NO_RULES } from "../plan-publish.ts";
import type { DatabaseReading, PolicySource } from "../database-reading.ts";
import type { Process, Scheduler } from "./scheduler.ts";

/** One committed state of the database. Never changed once made. */
export interface DatabaseState {
  readonly incarnation: string;
  readonly revision: number;
  readonly documents: ReadonlyMap<PolicyKey, PolicyDocument>;
}

export interface Edit {
  readonly id: string;
  readonly remove: boolean;
}

const ANY = OverrideSpec.parse({
  target: { kind: "service", service: "any" },
  mode: "forced-closed",
  reason: "-",
  actor: "-",
  scope: { kind: "fleet" },
  createdAtMs: 0,
  expiresAtMs: null,
});

/** A policy that can be told from every other by its mark. An override, because it is the smallest kind. */
function markedSpec(service: string, mark: number): OverrideSpec {
  return { ...ANY, target: { kind: "service", service }, createdAtMs: mark };
}

/** Kind of all objects of the model. */
export const KIND = "overrides";
/** An object's id in ZooKeeper. */
const nameOf = (id: string): string => `service:${id}@fleet`;
export const keyOf = (id: string): PolicyKey => policyKey(KIND, nameOf(id));

/** Of every object a gateway holds: its key, its revision, its age and its mark. */
export function heldBy({
  overrides,
}: PolicySnapshot): { key: PolicyKey; revision: number; created: number | undefined; mark: number }[] {
  return [...overrides.values()].map(({ id, revision, created, spec }) => ({
    key: policyKey(KIND, id),
    revision,
    created,
    mark: spec.createdAtMs,
  }));
}

export function markedDocument(id: string, mark: number, at: Place): PolicyDocument {
  return documentOf(keyOf(id), at, markedSpec(id, mark));
}

interface Place {
  readonly revision: number;
  readonly incarnation: string;
  readonly created?: number | undefined;
}

function documentOf(key: PolicyKey, { revision, incarnation, created }: Place, spec: unknown): PolicyDocument {
  return { v: 1, key, revision, created, spec, hash: documentHash({ created, spec }), incarnation };
}

/** PostgreSQL as far as publishing can tell: edits are atomic and counted, a reading is one committed state. */
export class ModelDatabase {
  state: DatabaseState = { incarnation: "db-1", revision: 0, documents: new Map() };
  /** Called with each state that was committed. */
  onCommit: (state: DatabaseState, removed: readonly PolicyKey[]) => void = () => {};
  /** A mutant's: rows of removed objects are deleted. */
  deletesRows = false;
  /** What people decided. */
  rules: PublishRules = NO_RULES;
  #removedLongAgo: readonly PolicyKey[] = [];
  readonly #highest = new Map<string, number>();
  #marks = 0;
  #incarnations = 1;
  #backup: DatabaseState = this.state;

  /** One edit: one revision, any number of objects. */
  edit(edits: readonly Edit[]): void {
    if (this.isBehind()) return;
    const { incarnation } = this.state;
    const revision = this.state.revision + 1;
    const documents = new Map(this.state.documents);
    for (const { id, remove } of edits) {
      this.#marks += 1;
      const spec = remove ? null : markedSpec(id, this.#marks);
      if (remove && this.deletesRows) documents.delete(keyOf(id));
      else
        documents.set(
          keyOf(id),
          documentOf(keyOf(id), { revision, incarnation, created: this.#ageOf(id, remove) }, spec),
        );
    }
    this.#become(
      { incarnation, revision, documents },
      edits.flatMap(({ id, remove }) => (remove ? [keyOf(id)] : [])),
    );
  }

  /** The revision that made the object, as of the edit under way. The first edit is an older version's: of `b` it records none. */
  #ageOf(id: string, remove: boolean): number | undefined {
    const { revision, documents } = this.state;
    const row = documents.get(keyOf(id));
    if (remove || (revision === 0 && id === "b")) return undefined;
    return row === undefined || row.spec === null ? revision + 1 : ageOf(row);
  }

  /** Whether it was restored, and what it lost was not given up. */
  isBehind(): boolean {
    return this.state.revision < (this.#highest.get(this.state.incarnation) ?? 0);
  }

  backUp(): void {
    this.#backup = this.state;
  }

  /** What was edited since the backup is lost. */
  restore(): void {
    this.#become(this.#backup);
  }

  /** Time passes: what is removed now was removed long ago. */
  age(): void {
    this.#removedLongAgo = [...this.state.documents].flatMap(([key, { spec }]) => (spec === null ? [key] : []));
  }

  decide(changed: Partial<PublishRules>): void {
    this.rules = { ...this.rules, ...changed };
  }

  /** Drift that is held waits for a person. */
  hold(key: string, foundHash: string, decision: StandingFinding["decision"]): void {
    this.decide({ standing: new Map([...this.rules.standing, [key, { foundHash, decision }]]) });
  }

  /** As PostgreSQL does: nothing when a choice has put the database above it meanwhile. */
  noteReport({ halt }: Pick<PublisherReport, "halt">): void {
    if (halt?.kind !== "gateways" || halt.mesh.incarnation !== this.state.incarnation) return;
    if (this.state.revision <= halt.mesh.revision)
      this.decide({ gatewaysAhead: Math.max(this.rules.gatewaysAhead ?? 0, halt.mesh.revision) });
  }

  /** Findings that are over. */
  settle(keys: readonly string[]): void {
    this.decide({ standing: new Map([...this.rules.standing].filter(([key]) => !keys.includes(key))) });
  }

  /** Somebody connects a database in which nothing was ever saved. */
  replaceByEmpty(): void {
    this.#become({ incarnation: this.#newIncarnation(), revision: 0, documents: new Map() });
  }

  /**
   * A person keeps the database's side: everything is saved anew, above all revisions of the mesh, and what only the mesh
   * has is removed.
   */
  takeOver(mesh: {
    readonly incarnation: string;
    readonly revision: number;
    readonly keys: readonly PolicyKey[];
  }): void {
    const { incarnation } = this.state;
    const revision = Math.max(this.state.revision, mesh.revision) + 1;
    const documents = new Map(mesh.keys.map((key) => [key, documentOf(key, { revision, incarnation }, null)] as const));
    for (const [key, row] of this.state.documents) documents.set(key, { ...row, revision });
    this.decide({ gatewaysAhead: null, ...(mesh.incarnation !== incarnation && { supersedes: mesh.incarnation }) });
    this.#become({ incarnation, revision, documents });
  }

  /** A person goes on from what was restored, past every revision that was lost. */
  goOn(): void {
    const lost = this.#highest.get(this.state.incarnation) ?? 0;
    this.#highest.delete(this.state.incarnation);
    while (this.state.revision <= lost) this.edit([{ id: "a", remove: false }]);
  }

  /** @param fails chance that a reading is refused. */
  source(scheduler: Pick<Scheduler, "add">, owner: Process, fails: () => boolean): PolicySource {
    const answer = <T>(read: () => T): Promise<T> =>
      new Promise((resolve, reject) => {
        scheduler.add(owner, () => (fails() ? reject(new Error("the database does not answer")) : resolve(read())));
      });
    const since = (after: number): DatabaseReading => ({
      incarnation: this.state.incarnation,
      revision: this.state.revision,
      documents: [...this.state.documents.values()]
        .filter((row) => row.revision > after)
        .sort((a, b) => a.revision - b.revision),
    });
    return {
      readSince: (after) => answer(() => since(after)),
      rules: () => answer(() => this.rules),
      tombstonesBefore: () =>
        answer(() => this.#removedLongAgo.filter((key) => this.state.documents.get(key)?.spec === null)),
    };
  }

  #newIncarnation(): string {
    this.#incarnations += 1;
    return `db-${this.#incarnations}`;
  }

  #become(state: DatabaseState, removed: readonly PolicyKey[] = []): void {
    this.state = state;
    this.#highest.set(state.incarnation, Math.max(state.revision, this.#highest.get(state.incarnation) ?? 0));
    this.onCommit(state, removed);
  }
}
