import type { Socket } from "node:net";
import { ChunkedDecoder } from "../http/chunked-decoder.ts";
import { parseResponseHead, type ResponseHead } from "../http/response-head.ts";
import { writeTogether } from "../http/write-together.ts";
import { BodyWriter, requestHead } from "./request-writer.ts";
import type { UpstreamFailure, UpstreamHandler, UpstreamRequest } from "./upstream.ts";

const END_OF_HEAD = Buffer.from("\r\n\r\n");
const MAX_HEAD_BYTES = 32 * 1024;
/** `100 Continue`, `103 Early Hints` and the like before the answer; more are taken for an attack. */
const MAX_INTERIM_HEADS = 8;

/** What becomes of a connection once its call is over. */
export interface ConnectionOwner {
  /** It can take the next call. */
  idle(connection: UpstreamConnection): void;
  /** It is gone. */
  gone(connection: UpstreamConnection): void;
}

/**
 * One connection to an instance, for one call at a time. Reads answers strictly, and is used again only after an answer
 * whose end was beyond doubt and with nothing behind it.
 */
export class UpstreamConnection {
  readonly origin: string;
  readonly #socket: Socket;
  readonly #owner: ConnectionOwner;
  #handler: UpstreamHandler | null = null;
  #toHead = false;
  #upgrade = false;
  #writer: BodyWriter | null = null;
  #phase: "idle" | "head" | "length" | "chunked" | "close" = "idle";
  /** Beginning of a head that has not arrived whole. */
  #partial: Buffer | null = null;
  #left = 0;
  #decoder: ChunkedDecoder | null = null;
  #keepAlive = true;
  #interimHeads = 0;
  #dead = false;
  /** Answers it has given in full. */
  answered = 0;
  /** Whether any byte of the present call's answer has arrived. */
  heard = false;
  /** Monotonic, ms; set by the owner. */
  idleSinceMs = 0;

  constructor(origin: string, socket: Socket, owner: ConnectionOwner) {
    this.origin = origin;
    this.#socket = socket;
    this.#owner = owner;
    socket.on("drain", () => this.#writer?.drained());
    socket.on("end", () => this.#ended());
    socket.on("error", () => this.#broken());
    socket.on("close", () => this.#broken());
  }

  get usable(): boolean {
    return !this.#dead && this.#phase === "idle";
  }

  /** Sends a request and reads its answer. Only when it is idle. */
  begin(request: UpstreamRequest, handler: UpstreamHandler): void {
    this.#handler = handler;
    this.#toHead = request.method === "HEAD";
    this.#upgrade = request.upgrade;
    this.#phase = "head";
    this.#interimHeads = 0;
    this.heard = false;
    const { body } = request;
    const head = requestHead(request);
    if (body === null) {
      this.#socket.write(head, "latin1");
      handler.onSent();
    } else if (Buffer.isBuffer(body)) {
      writeTogether(this.#socket, head, body, "");
      handler.onSent();
    } else {
      this.#writer = new BodyWriter(this.#socket, head, body, request.contentLength, {
        onSent: () => this.#handler?.onSent(),
        onBroken: () => this.#fail("request-body"),
      });
      this.#writer.begin();
    }
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Ends whatever is going on, without a word to the handler. */
  cut(): void {
    this.#handler = null;
    this.#writer?.abandon();
    this.#writer = null;
    this.#die();
  }

  /** Takes bytes from the socket. `bytes` may be overwritten once this returns. */
  take(bytes: Buffer): void {
    this.heard = true;
    let at = 0;
    while (at < bytes.length && !this.#dead) {
      switch (this.#phase) {
        case "idle":
          // Nobody asked for this. Whatever it is, it must not become the answer of a later request.
          return this.#die();
        case "head":
          at = this.#takeHead(bytes, at);
          break;
        case "length": {
          const end = Math.min(bytes.length, at + this.#left);
          this.#left -= end - at;
          this.#handler?.onData(bytes.subarray(at, end));
          at = end;
          if (this.#left === 0) this.#complete(at === bytes.length);
          break;
        }
        case "chunked":
          at = this.#takeChunks(bytes, at);
          break;
        case "close":
          this.#handler?.onData(bytes.subarray(at));
          at = bytes.length;
          break;
      }
    }
  }

  /** Reads one head, if it is there whole; returns where it ends. */
  #takeHead(bytes: Buffer, from: number): number {
    const buffer = this.#partial === null ? bytes : Buffer.concat([this.#partial, bytes.subarray(from)]);
    const begin = this.#partial === null ? from : 0;
    const searchFrom = this.#partial === null ? from : Math.max(0, this.#partial.length - 3);
    const end = buffer.indexOf(END_OF_HEAD, searchFrom);
    if ((end === -1 ? buffer.length : end) - begin > MAX_HEAD_BYTES) {
      this.#fail("protocol");
      return bytes.length;
    }
    if (end === -1) {
      this.#partial = Buffer.from(buffer.subarray(begin));
      return bytes.length;
    }
    // Where the head ends in `bytes`, whichever buffer it was found in.
    const consumed = this.#partial === null ? end + 4 : from + (end + 4 - this.#partial.length);
    this.#partial = null;
    const head = parseResponseHead(buffer.toString("latin1", begin, end + 2), this.#toHead);
    if (head === null) this.#fail("protocol");
    else if (head.status < 200) return this.#interim(head, bytes, consumed);
    else this.#open(head, consumed === bytes.length);
    return consumed;
  }

  #interim(head: ResponseHead, bytes: Buffer, consumed: number): number {
    this.#interimHeads += 1;
    if (head.status === 101 && this.#upgrade) {
      const handler = this.#handler;
      const first = Buffer.from(bytes.subarray(consumed));
      this.#handler = null;
      this.#dead = true;
      this.#owner.gone(this);
      handler?.onUpgrade(head.headers, this.#socket, first);
      return bytes.length;
    }
    if (head.status === 101 || this.#interimHeads > MAX_INTERIM_HEADS) this.#fail("protocol");
    return consumed;
  }

  #open(head: ResponseHead, last: boolean): void {
    this.#keepAlive = head.keepAlive;
    const { framing, contentLength } = head;
    const empty = framing === "none" || (framing === "length" && contentLength === 0);
    if (!empty) this.#phase = framing;
    this.#left = contentLength ?? 0;
    if (framing === "chunked") this.#decoder = new ChunkedDecoder();
    const handler = this.#handler;
    handler?.onHead(head.status, head.headers, contentLength);
    // The handler may have aborted the call.
    if (empty && this.#handler === handler) this.#complete(last);
  }

  #takeChunks(bytes: Buffer, from: number): number {
    const decoder = this.#decoder;
    if (decoder === null) return bytes.length;
    const at = decoder.read(bytes, from, (piece) => this.#handler?.onData(piece));
    if (at === -1) {
      this.#fail("truncated");
      return bytes.length;
    }
    if (decoder.done) this.#complete(at === bytes.length);
    return at;
  }

  /** The answer is there whole; `last`: nothing has come behind it. */
  #complete(last: boolean): void {
    const handler = this.#handler;
    // What the request still had to say, nobody reads any more.
    const sent = this.#writer === null || this.#writer.done;
    this.#handler = null;
    this.#writer?.abandon();
    this.#writer = null;
    this.#decoder = null;
    this.#phase = "idle";
    this.answered += 1;
    const reusable = last && sent && this.#keepAlive && !this.#dead;
    if (reusable) {
      this.#socket.resume();
      this.#owner.idle(this);
    } else this.#die();
    handler?.onEnd();
  }

  #ended(): void {
    if (this.#phase === "close" && !this.#dead) {
      this.#keepAlive = false;
      this.#complete(true);
    } else this.#broken();
  }

  #broken(): void {
    if (this.#dead) return;
    this.#fail(this.#phase === "head" || this.#phase === "idle" ? "reset" : "truncated");
  }

  #fail(failure: UpstreamFailure): void {
    const handler = this.#handler;
    this.#handler = null;
    this.#writer?.abandon();
    this.#writer = null;
    this.#die();
    handler?.onFailure(failure);
  }

  #die(): void {
    if (this.#dead) return;
    this.#dead = true;
    this.#partial = null;
    this.#socket.destroy();
    this.#owner.gone(this);
  }
}
