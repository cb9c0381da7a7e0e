import type { PolicyDocument, PolicyHead } from "#domain/policy.ts";
import { JOURNAL_MAX, journalEntry, RootSum } from "./codec.ts";
import { compare } from "./registry-hold.ts";

/** Of an edit of more objects the last is not asked for again. */
const WITNESSES_MAX = 1000;

/**
 * Policy as the database has it, tombstones included, held so that an edit costs what it changes: the root is a sum, and
 * documents stand in the order of the journal.
 */
export class DatabaseMirror {
  readonly incarnation: string;
  readonly #documents = new Map<string, PolicyDocument>();
  /** By revision, then key. */
  readonly #inOrder: PolicyDocument[] = [];
  readonly #root = new RootSum();
  #live = 0;
  #revision = 0;
  /** Null: not made since something changed. */
  #head: PolicyHead | null = null;

  constructor(incarnation: string) {
    this.incarnation = incarnation;
  }

  /** Highest revision, documents or not. */
  get revision(): number {
    return this.#revision;
  }

  get documents(): ReadonlyMap<string, PolicyDocument> {
    return this.#documents;
  }

  /** Objects that are not removed. */
  get live(): number {
    return this.#live;
  }

  /**
   * Revision after which the next reading has to begin. What the last edit made is read once more, to see that the database
   * still has it.
   */
  get readFrom(): number {
    const [last] = this.#witnesses();
    return last === undefined ? this.#revision : last.revision - 1;
  }

  /**
   * Whether what was read from `readFrom` on comes after what is held. It does not where the database was restored from a
   * backup, also when edits have made up for its revisions since.
   */
  isBefore(documents: readonly PolicyDocument[]): boolean {
    const read = new Set(documents.map(({ key }) => key));
    return (
      documents.every((document) => document.revision > this.#revision || this.#holds(document)) &&
      this.#witnesses().every(({ key }) => read.has(key))
    );
  }

  #holds({ key, revision, hash }: PolicyDocument): boolean {
    const known = this.#documents.get(key);
    return known?.revision === revision && known.hash === hash;
  }

  /** What the last edit made; nothing where that is too much. */
  #witnesses(): readonly PolicyDocument[] {
    const last = this.#inOrder.at(-1)?.revision;
    const some = this.#inOrder.slice(-WITNESSES_MAX - 1).filter(({ revision }) => revision === last);
    return some.length > WITNESSES_MAX ? [] : some;
  }

  /** Takes in what an edit, or many, made of these documents. */
  take(revision: number, documents: readonly PolicyDocument[]): void {
    if (revision !== this.#revision || documents.length > 0) this.#head = null;
    this.#revision = revision;
    for (const document of documents) this.#put(document);
  }

  #put(document: PolicyDocument): void {
    const previous = this.#documents.get(document.key);
    if (previous !== undefined) {
      this.#inOrder.splice(this.#placeOf(previous), 1);
      if (previous.spec !== null) {
        this.#root.remove(previous.key, previous.hash);
        this.#live -= 1;
      }
    }
    this.#documents.set(document.key, document);
    this.#inOrder.splice(this.#placeOf(document), 0, document);
    if (document.spec === null) return;
    this.#root.add(document.key, document.hash);
    this.#live += 1;
  }

  /** Index of the first that does not come before it. */
  #placeOf(document: PolicyDocument): number {
    let low = 0;
    let high = this.#inOrder.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#inOrder[middle];
      if (other !== undefined && inJournalOrder(other, document) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The head that describes these documents: a function of them alone, so two consoles always write the same. */
  head(): PolicyHead {
    this.#head ??= {
      v: 3,
      incarnation: this.incarnation,
      revision: this.#revision,
      count: this.#live,
      root: this.#root.digest(),
      journal: this.#inOrder.slice(-JOURNAL_MAX).map(journalEntry),
    };
    return this.#head;
  }
}

function inJournalOrder(a: PolicyDocument, b: PolicyDocument): number {
  return a.revision - b.revision || compare(a.key, b.key);
}
