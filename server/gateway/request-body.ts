import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { Deadline, type DeadlineWheel } from "./deadline-wheel.ts";

/**
 * Body of a client's request. It can be held in memory up to a limit, to be sent more than once, or streamed once;
 * what was read while trying the first is part of the second.
 */
export class RequestBody {
  readonly #incoming: IncomingMessage;
  readonly #onFirstRead: () => void;
  #held: Buffer[] = [];
  #whole: Buffer | null = null;
  #reading = false;
  #streamed = false;

  /** `onFirstRead` runs before the first byte is asked for: the place for `100 Continue`. */
  constructor(incoming: IncomingMessage, onFirstRead: () => void) {
    this.#incoming = incoming;
    this.#onFirstRead = onFirstRead;
  }

  /** True when the whole body has arrived. */
  get ended(): boolean {
    return this.#incoming.complete;
  }

  /** True when it broke off: the client went away in the middle. */
  get broken(): boolean {
    return this.#incoming.destroyed && !this.#incoming.complete;
  }

  /** True while it can be sent (again): nothing of it has gone to a service that is not held here. */
  get replayable(): boolean {
    return this.#whole !== null || !this.#streamed;
  }

  /**
   * Reads the body into memory if it is at most `limit` bytes. Resolves also when it is longer, or breaks off; with
   * false when neither that nor its end has come within `withinMs`.
   */
  hold(limit: number, wheel: DeadlineWheel, withinMs: number): Promise<boolean> {
    if (this.#whole !== null || this.#streamed) return Promise.resolve(true);
    this.#begin();
    const incoming = this.#incoming;
    let size = 0;
    return new Promise((resolve) => {
      const onData = (chunk: Buffer): void => {
        this.#held.push(chunk);
        size += chunk.length;
        if (size > limit) onDone();
      };
      const onEnd = (): void => {
        this.#whole = Buffer.concat(this.#held);
        this.#held = [];
        onDone();
      };
      const onDone = (): void => finish(true);
      const deadline = new Deadline(() => finish(false));
      const finish = (inTime: boolean): void => {
        wheel.disarm(deadline);
        incoming.off("data", onData).off("end", onEnd).off("close", onDone).pause();
        resolve(inTime);
      };
      if (incoming.destroyed) return resolve(true);
      wheel.arm(deadline, withinMs);
      incoming.on("data", onData).on("end", onEnd).on("close", onDone).resume();
    });
  }

  /** For sending: bytes when held whole, else a stream that reads from the client no faster than it is read from. */
  open(): Buffer | Readable {
    if (this.#whole !== null) return this.#whole;
    const incoming = this.#incoming;
    let attached = false;
    const attach = (stream: Readable): void => {
      attached = true;
      this.#streamed = true;
      this.#begin();
      let flowing = true;
      for (const chunk of this.#held) flowing = stream.push(chunk);
      this.#held = [];
      incoming.on("data", onData).on("end", onEnd).on("close", onClose);
      if (incoming.destroyed) onClose();
      else if (flowing) incoming.resume();
      else incoming.pause();
    };
    const detach = (): void => {
      incoming.off("data", onData).off("end", onEnd).off("close", onClose);
    };
    const onData = (chunk: Buffer): void => {
      if (!stream.push(chunk)) incoming.pause();
    };
    const onEnd = (): void => {
      detach();
      stream.push(null);
    };
    const onClose = (): void => {
      detach();
      stream.destroy(new Error("The client went away in the middle of its request"));
    };
    const stream = new Readable({
      read() {
        if (attached) incoming.resume();
        else attach(this);
      },
      destroy(error, done) {
        detach();
        if (attached && !incoming.complete) incoming.pause();
        done(error);
      },
    });
    // undici stops listening once its request is over; an error after that concerns nobody, and must not be fatal.
    stream.on("error", () => undefined);
    return stream;
  }

  #begin(): void {
    if (this.#reading) return;
    this.#reading = true;
    this.#onFirstRead();
  }
}
