import type { BodySink, BodyStream } from "./body-stream.ts";
import type { ReplyMemory } from "./reply-memory.ts";

/** A body on its way, of which a copy is made. It is never held up for that. */
export class CopiedBody implements BodyStream, BodySink {
  readonly #body: BodyStream;
  readonly #memory: ReplyMemory;
  readonly #maxBytes: number;
  /** Told once: the whole body, or null when it is too large to be kept. Never when it broke off, or was not wanted. */
  readonly #onWhole: (body: Buffer | null) => void;
  /** Null once it is clear that there will be no copy. */
  #copy: Buffer | null = EMPTY;
  #bytes = 0;
  #sink: BodySink | null = null;

  constructor(body: BodyStream, memory: ReplyMemory, maxBytes: number, onWhole: (body: Buffer | null) => void) {
    this.#body = body;
    this.#memory = memory;
    this.#maxBytes = maxBytes;
    this.#onWhole = onWhole;
  }

  start(sink: BodySink): void {
    this.#sink = sink;
    this.#body.start(this);
  }

  resume(): void {
    this.#body.resume();
  }

  discard(): void {
    this.#giveUp();
    this.#body.discard();
  }

  write(chunk: Buffer): boolean {
    this.#add(chunk);
    return this.#sink?.write(chunk) ?? true;
  }

  end(): void {
    if (this.#copy !== null) {
      // Of exactly its size, and not out of Node's common pool, of which a small piece would hold all.
      const body = Buffer.allocUnsafeSlow(this.#bytes);
      this.#copy.copy(body);
      this.#giveUp();
      this.#onWhole(body);
    }
    this.#sink?.end();
  }

  fail(): void {
    this.#giveUp();
    this.#sink?.fail();
  }

  #add(chunk: Buffer): void {
    if (this.#copy === null) return;
    const bytes = this.#bytes + chunk.length;
    if (bytes > this.#maxBytes) {
      this.#giveUp();
      return this.#onWhole(null);
    }
    if (bytes > this.#copy.length && !this.#grow(this.#copy, bytes)) return this.#giveUp();
    chunk.copy(this.#copy, this.#bytes);
    this.#bytes = bytes;
  }

  /** Room at least doubles, so that many small pieces cost no more than few large ones. */
  #grow(full: Buffer, bytes: number): boolean {
    const room = Math.min(this.#maxBytes, Math.max(bytes, full.length * 2));
    if (!this.#memory.copy(room - full.length)) return false;
    this.#copy = Buffer.allocUnsafeSlow(room);
    full.copy(this.#copy, 0, 0, this.#bytes);
    return true;
  }

  #giveUp(): void {
    this.#memory.copied(this.#copy?.length ?? 0);
    this.#copy = null;
  }
}

const EMPTY = Buffer.alloc(0);
