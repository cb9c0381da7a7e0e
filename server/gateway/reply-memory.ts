/** Something that takes up room, and can be asked to give it back. */
export interface Occupant {
  readonly bytes: number;
  /** It was not used for longest, and others need its room. */
  onEvicted(): void;
}

/** A quarter of the room is for what is being copied, so that slow answers cannot drive out what is kept. */
const SHARE_OF_COPIES = 0.25;

/** The room for a gateway's last good replies: what was not used for longest makes way. */
export class ReplyMemory {
  readonly #keepBytes: number;
  readonly #copyBytes: number;
  /** Used longest ago first. */
  readonly #kept = new Set<Occupant>();
  #keptBytes = 0;
  #copiedBytes = 0;

  constructor(bytes: number) {
    this.#copyBytes = Math.floor(bytes * SHARE_OF_COPIES);
    this.#keepBytes = bytes - this.#copyBytes;
  }

  /** Takes room for a copy in the making; false when there is none. */
  copy(bytes: number): boolean {
    if (this.#copiedBytes + bytes > this.#copyBytes) return false;
    this.#copiedBytes += bytes;
    return true;
  }

  copied(bytes: number): void {
    this.#copiedBytes -= bytes;
  }

  /** Makes room for it; false when it is larger than all there is. */
  keep(occupant: Occupant): boolean {
    if (occupant.bytes > this.#keepBytes) return false;
    for (const oldest of this.#kept) {
      if (this.#keptBytes + occupant.bytes <= this.#keepBytes) break;
      this.release(oldest);
      oldest.onEvicted();
    }
    this.#kept.add(occupant);
    this.#keptBytes += occupant.bytes;
    return true;
  }

  used(occupant: Occupant): void {
    if (this.#kept.delete(occupant)) this.#kept.add(occupant);
  }

  release(occupant: Occupant): void {
    if (this.#kept.delete(occupant)) this.#keptBytes -= occupant.bytes;
  }
}
