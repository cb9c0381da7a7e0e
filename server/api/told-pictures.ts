import { randomUUID } from "node:crypto";
import { changesBetween, FIELD_NAMES, type LiveMessage } from "#domain/live-changes.ts";
import type { LivePicture } from "#domain/live.ts";

/** How long a reader that left may be away and still be told only what changed, ms. */
const KEPT_MS = 10 * 60_000;
/** A picture of a large mesh is some megabytes: of those that readers left with, the latest are kept. */
const KEPT_MAX = 12;

/** What a reader is told of a picture, and the id by which it can say later that it knows it. */
export interface Told {
  readonly id: string;
  readonly message: LiveMessage;
}

/**
 * Which pictures readers know. A picture is kept only as long as somebody follows from it, and for a while after a reader
 * left with it: one that comes back then is told only what changed.
 */
export class ToldPictures {
  /** Ids of another run of the console, or of another console, are no ids of ours. */
  readonly #run = randomUUID().slice(0, 8);
  #count = 0;
  readonly #ids = new WeakMap<LivePicture, string>();
  /** What each reader that follows was told last: its connection may be dead, and it back on another, before that is noticed. */
  readonly #following = new Map<object, readonly LivePicture[]>();
  readonly #left = new Map<string, { readonly picture: LivePicture; readonly untilMs: number }>();
  #isExpiring = false;
  /** The way to a picture is the same for all that come from the same one: it is found and written once. */
  readonly #patches = new WeakMap<LivePicture, Map<string, string>>();

  /** What to tell a reader that knows `known`; null: nothing that is still here. */
  tell(known: LivePicture | null, picture: LivePicture): Told {
    const id = this.#idOf(picture);
    if (known === null) return { id, message: { kind: "whole", picture, names: FIELD_NAMES } };
    return { id, message: { kind: "changes", since: this.#idOf(known), patch: this.#patch(known, picture) } };
  }

  /** The picture with this id, if a reader was told it last, now or lately. */
  find(id: string): LivePicture | null {
    for (const pictures of this.#following.values()) {
      const found = pictures.find((picture) => this.#ids.get(picture) === id);
      if (found !== undefined) return found;
    }
    return this.#left.get(id)?.picture ?? null;
  }

  /** Notes what a reader may have: what it was told last, and before, as the last may yet be on its way. */
  follow(reader: object, pictures: readonly LivePicture[]): void {
    this.#following.set(reader, pictures);
  }

  /** Keeps what a reader that left may have, for when it comes back. */
  leave(reader: object, nowMs: number): void {
    for (const picture of this.#following.get(reader) ?? []) {
      const id = this.#idOf(picture);
      this.#left.delete(id);
      this.#left.set(id, { picture, untilMs: nowMs + KEPT_MS });
    }
    this.#following.delete(reader);
    for (const oldest of this.#left.keys()) {
      if (this.#left.size <= KEPT_MAX) break;
      this.#left.delete(oldest);
    }
    if (!this.#isExpiring) this.#expireIn(KEPT_MS);
  }

  #expireIn(ms: number): void {
    this.#isExpiring = true;
    setTimeout(() => {
      const nowMs = Date.now();
      for (const [id, { untilMs }] of this.#left) if (untilMs <= nowMs) this.#left.delete(id);
      this.#isExpiring = false;
      if (this.#left.size > 0) this.#expireIn(KEPT_MS / 10);
    }, ms).unref();
  }

  #idOf(picture: LivePicture): string {
    let id = this.#ids.get(picture);
    if (id === undefined) {
      this.#count += 1;
      this.#ids.set(picture, (id = `${this.#run}-${this.#count}`));
    }
    return id;
  }

  #patch(from: LivePicture, to: LivePicture): string {
    const since = this.#idOf(from);
    let patches = this.#patches.get(to);
    if (patches === undefined) this.#patches.set(to, (patches = new Map<string, string>()));
    let patch = patches.get(since);
    if (patch === undefined) patches.set(since, (patch = changesBetween(from, to)));
    return patch;
  }
}
