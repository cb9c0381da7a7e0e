import type { BodySink } from "../body-stream.ts";
import type { IncomingBody } from "../incoming-body.ts";

/** What a body asks of the connection it comes on. */
export interface BodySource {
  pauseReading(): void;
  resumeReading(): void;
}

/** Body of known length on a plain connection, which hands it the bytes it reads. */
export class PlainBody implements IncomingBody {
  readonly #source: BodySource;
  #left: number;
  #held: Buffer[] = [];
  #sink: BodySink | null = null;
  #paused = true;
  #told = false;
  broken = false;

  constructor(bytes: number, source: BodySource) {
    this.#left = bytes;
    this.#source = source;
  }

  get complete(): boolean {
    return this.#left === 0;
  }

  /** Takes what belongs to the body; returns how many bytes that were. */
  take(bytes: Buffer): number {
    const taken = Math.min(this.#left, bytes.length);
    this.#left -= taken;
    const piece = taken === bytes.length ? bytes : bytes.subarray(0, taken);
    if (this.#sink === null || this.#paused) {
      this.#held.push(Buffer.from(piece));
      if (this.#left > 0) this.#source.pauseReading();
    } else {
      this.#sink.write(piece);
      this.#finish();
    }
    return taken;
  }

  /** The client has gone. */
  breakOff(): void {
    if (this.complete || this.broken) return;
    this.broken = true;
    if (this.#held.length === 0) this.#finish();
  }

  read(sink: BodySink): void {
    this.#sink = sink;
    this.resume();
  }

  pause(): void {
    this.#paused = true;
    if (!this.complete) this.#source.pauseReading();
  }

  resume(): void {
    this.#paused = false;
    while (this.#held.length > 0 && !this.#isPaused()) {
      const piece = this.#held.shift();
      if (piece !== undefined) this.#sink?.write(piece);
    }
    if (this.#isPaused()) return;
    this.#finish();
    if (!this.complete && !this.broken) this.#source.resumeReading();
  }

  /** The sink may pause it in the middle of a loop. */
  #isPaused(): boolean {
    return this.#paused;
  }

  #finish(): void {
    if (this.#told || this.#held.length > 0) return;
    if (this.complete) {
      this.#told = true;
      this.#sink?.end();
    } else if (this.broken) {
      this.#told = true;
      this.#sink?.fail();
    }
  }
}
