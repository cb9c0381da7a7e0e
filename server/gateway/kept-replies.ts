import { fieldIn, mayBeShown, type Keeping } from "./reply-keeping.ts";
import type { Occupant, ReplyMemory } from "./reply-memory.ts";

/** A good answer, whole. */
export interface GoodReply {
  /** Name, value, …; without framing and `age`. */
  readonly headers: readonly string[];
  readonly body: Buffer;
  readonly keeping: Keeping;
  /** When its head arrived, monotonic, ms. */
  readonly receivedMs: number;
}

interface Kept extends GoodReply, Occupant {
  readonly resource: string;
  /** What the request said in the fields the answer was chosen by, in their order. */
  readonly choice: readonly (string | undefined)[];
}

/** Answers to the same GET that differ by request fields; of more than this the oldest is forgotten. */
const MAX_VARIANTS = 16;
/** Memory that an answer takes besides its text, about. */
const OVERHEAD_BYTES = 512;

/**
 * The last good answers to a command's GETs. `resource` is what was asked for, `sent` the fields it was asked with, as the
 * service gets them: a field that the gateway sets itself may be what an answer depends on.
 */
export class KeptReplies {
  readonly memory: ReplyMemory;
  /** By resource; latest first. */
  readonly #kept = new Map<string, Kept[]>();
  #closed = false;

  constructor(memory: ReplyMemory) {
    this.memory = memory;
  }

  /** The latest that may answer this request, with its age. */
  find(
    resource: string,
    sent: readonly string[],
    nowMs: number,
    maxAgeMs: number,
  ): { readonly reply: GoodReply; readonly ageMs: number } | null {
    const kept = this.#kept.get(resource)?.find((one) => fits(one, sent));
    if (kept === undefined) return null;
    const ageMs = kept.keeping.ageMs + (nowMs - kept.receivedMs);
    if (ageMs > Math.min(maxAgeMs, kept.keeping.ageLimitMs)) return null;
    this.memory.used(kept);
    return { reply: kept, ageMs };
  }

  /** Keeps it in place of what answered such a request before. */
  keep(resource: string, sent: readonly string[], reply: GoodReply): void {
    this.forget(resource, sent);
    if (this.#closed) return;
    const choice = reply.keeping.chosenBy.map((name) => fieldIn(sent, name));
    const bytes = reply.body.length + lengthOf(reply.headers) + lengthOf(choice) + resource.length + OVERHEAD_BYTES;
    const kept: Kept = { ...reply, resource, choice, bytes, onEvicted: () => this.#drop(kept) };
    if (!this.memory.keep(kept)) return;
    const variants = this.#kept.get(resource) ?? [];
    this.#kept.set(resource, [kept, ...variants]);
    for (const surplus of variants.slice(MAX_VARIANTS - 1)) this.#drop(surplus);
  }

  /** Such a request has had another answer since. */
  forget(resource: string, sent: readonly string[]): void {
    for (const one of this.#kept.get(resource) ?? []) if (fits(one, sent)) this.#drop(one);
  }

  /** It was changed: whatever was said of it (RFC 9111 §4.4). */
  forgetAll(resource: string): void {
    for (const one of this.#kept.get(resource) ?? []) this.#drop(one);
  }

  /** Gives all room back. What is still being copied is not kept. */
  close(): void {
    this.#closed = true;
    for (const resource of this.#kept.keys()) this.forgetAll(resource);
  }

  #drop(kept: Kept): void {
    this.memory.release(kept);
    const left = (this.#kept.get(kept.resource) ?? []).filter((one) => one !== kept);
    if (left.length === 0) this.#kept.delete(kept.resource);
    else this.#kept.set(kept.resource, left);
  }
}

function fits({ keeping, choice }: Kept, sent: readonly string[]): boolean {
  return mayBeShown(sent, keeping.forAll) && keeping.chosenBy.every((name, at) => fieldIn(sent, name) === choice[at]);
}

function lengthOf(texts: readonly (string | undefined)[]): number {
  return texts.reduce((sum, text) => sum + (text?.length ?? 0), 0);
}
