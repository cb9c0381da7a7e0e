/** Pieces of a body that came before anybody took them. */
const ROOM_BYTES = 256 * 1024;

interface Room {
  readonly memory: Buffer;
  used: number;
  /** Holders whose pieces are in it. */
  holders: number;
}

const freshRoom = (): Room => ({ memory: Buffer.allocUnsafeSlow(ROOM_BYTES), used: 0, holders: 0 });

/**
 * Most pieces are held for less than a turn of the event loop: until the head that came with them has gone through the
 * pipeline. So all holders share a room, which is used from its beginning again whenever nobody holds anything in it. One
 * that is full is left to those who hold pieces there.
 */
let common = freshRoom();

/** Keeps copies of pieces until they are taken, once. */
export class HeldPieces {
  #pieces: Buffer[] = [];
  #rooms: Room[] = [];
  bytes = 0;

  add(chunk: Buffer): void {
    this.bytes += chunk.length;
    if (chunk.length > ROOM_BYTES / 4) {
      this.#pieces.push(Buffer.from(chunk));
      return;
    }
    if (common.holders === 0) common.used = 0;
    else if (common.used + chunk.length > ROOM_BYTES) common = freshRoom();
    if (this.#rooms.at(-1) !== common) {
      common.holders += 1;
      this.#rooms.push(common);
    }
    const from = common.used;
    common.used += chunk.length;
    chunk.copy(common.memory, from);
    this.#pieces.push(common.memory.subarray(from, common.used));
  }

  /** Hands each piece on, in order, and lets go of it: `onPiece` copies what it keeps. */
  take(onPiece: (piece: Buffer) => void): void {
    for (const piece of this.#pieces) onPiece(piece);
    this.drop();
  }

  /** Lets go of them. */
  drop(): void {
    for (const room of this.#rooms) room.holders -= 1;
    this.#rooms = [];
    this.#pieces = [];
  }
}
