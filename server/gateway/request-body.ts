import type { BodySink, BodyStream } from "./body-stream.ts";
import { Deadline, type DeadlineWheel } from "./deadline-wheel.ts";
import type { IncomingBody } from "./incoming-body.ts";

/**
 * Body of a client's request. It can be held in memory up to a limit, to be sent more than once, or streamed once;
 * what was read while trying the first is part of the second.
 */
export class RequestBody {
  readonly #incoming: IncomingBody;
  readonly #onFirstRead: () => void;
  #held: Buffer[] = [];
  #whole: Buffer | null = null;
  #reading = false;
  #streamed = false;
  #flowing = false;
  #limit = Number.POSITIVE_INFINITY;
  #size = 0;

  /** `onFirstRead` runs before the first byte is asked for: the place for `100 Continue`. */
  constructor(incoming: IncomingBody, onFirstRead: () => void) {
    this.#incoming = incoming;
    this.#onFirstRead = onFirstRead;
  }

  /** True when the whole body has arrived. */
  get ended(): boolean {
    return this.#incoming.complete;
  }

  /** True when it broke off: the client went away in the middle. */
  get broken(): boolean {
    return this.#incoming.broken;
  }

  /** True while it can be sent (again): nothing of it has gone to a service that is not held here. */
  get replayable(): boolean {
    return this.#whole !== null || !this.#streamed;
  }

  /** The body, once it is held here whole. */
  get whole(): Buffer | null {
    return this.#whole;
  }

  /** True when it is the client that is waited for: somebody wants the next piece, and it has not come. */
  get starved(): boolean {
    return this.#flowing && !this.#incoming.complete;
  }

  /** Bytes that have come so far. */
  get size(): number {
    return this.#size;
  }

  /** True when more than the limit has come. */
  get overLimit(): boolean {
    return this.#size > this.#limit;
  }

  /** Breaks off when more than `bytes` come. */
  limit(bytes: number): void {
    this.#limit = bytes;
  }

  /**
   * Reads the body into memory if it is at most `limit` bytes. Resolves also when it is longer, or breaks off; with
   * false when neither that nor its end has come within `withinMs`.
   */
  hold(limit: number, wheel: DeadlineWheel, withinMs: number): Promise<boolean> {
    if (this.#whole !== null || this.#streamed || this.#incoming.broken || this.overLimit) return Promise.resolve(true);
    this.#begin();
    return new Promise((resolve) => {
      const finish = (inTime: boolean): void => {
        wheel.disarm(deadline);
        this.#pause();
        resolve(inTime);
      };
      const deadline = new Deadline(() => finish(false));
      wheel.arm(deadline, withinMs);
      this.#read({
        write: (chunk) => {
          this.#held.push(Buffer.from(chunk));
          if (this.#size > limit) finish(true);
          return true;
        },
        end: () => {
          this.#whole = Buffer.concat(this.#held);
          this.#held = [];
          finish(true);
        },
        fail: () => finish(true),
      });
    });
  }

  /** For sending: bytes when held whole, else a stream that reads from the client no faster than it is read from. */
  open(): Buffer | BodyStream {
    if (this.#whole !== null) return this.#whole;
    return {
      start: (sink) => this.#stream(sink),
      resume: () => this.#resume(),
      discard: () => this.#pause(),
    };
  }

  #stream(sink: BodySink): void {
    this.#streamed = true;
    this.#begin();
    let flowing = true;
    for (const chunk of this.#held) flowing = sink.write(chunk);
    this.#held = [];
    if (this.#incoming.broken || this.overLimit) return sink.fail();
    this.#read(sink);
    if (!flowing) this.#pause();
  }

  /** Lets pieces go to the sink, counted, and pauses when it asks for that. */
  #read(sink: BodySink): void {
    this.#flowing = true;
    this.#incoming.read({
      write: (chunk) => {
        if (this.overLimit) return true;
        this.#size += chunk.length;
        if (this.overLimit) {
          this.#pause();
          sink.fail();
        } else if (!sink.write(chunk)) this.#pause();
        return true;
      },
      end: () => {
        this.#flowing = false;
        // Broken off already: what was held is not the whole.
        if (!this.overLimit) sink.end();
      },
      fail: () => {
        this.#flowing = false;
        if (!this.overLimit) sink.fail();
      },
    });
  }

  #pause(): void {
    this.#flowing = false;
    this.#incoming.pause();
  }

  #resume(): void {
    if (!this.#streamed || this.overLimit) return;
    this.#flowing = true;
    this.#incoming.resume();
  }

  #begin(): void {
    if (this.#reading) return;
    this.#reading = true;
    this.#onFirstRead();
  }
}
