import type { Socket } from "node:net";
import type { Clock } from "#platform/clock.ts";
import type { ClientExchange } from "../client-exchange.ts";
import { Deadline, type DeadlineWheel } from "../deadline-wheel.ts";
import type { Reply } from "../exchange.ts";
import type { Serve } from "../serve-request.ts";
import type { ListenerTimeouts } from "./listener-timeouts.ts";
import { PlainBody, type BodySource } from "./plain-body.ts";
import { mayBecomePlain, parsePlainRequest } from "./plain-request.ts";
import { ReplyWriter } from "./reply-writer.ts";
import { readAlone, readShared } from "./shared-reads.ts";

const END_OF_HEAD = Buffer.from("\r\n\r\n");
const EMPTY = Buffer.alloc(0);
/** A larger head is left to the full parser, which has words for it. */
const MAX_HEAD_BYTES = 16 * 1024;
/** Requests sent ahead of their answers are kept up to here; then the client is not read from until there is room. */
const MAX_AHEAD_BYTES = 64 * 1024;
/** A closed connection is still read from for a while, or what it was told last might be lost (RFC 9112 §9.6). */
const LINGER_MS = 2000;
const LINGER_BYTES = 1024 * 1024;

export interface PlainConnectionOptions {
  readonly serve: Serve;
  readonly wheel: DeadlineWheel;
  readonly clock: Clock;
  readonly timeouts: ListenerTimeouts;
  /** Takes over a connection whose next request is not plain; the bytes that were read of it can be read again. */
  readonly handOver: (socket: Socket) => void;
  readonly onClose: (connection: PlainConnection) => void;
}

/**
 * A client's connection, as long as it sends plain requests: one after another, read strictly by a small parser of our own.
 * At the first one that is not plain the connection is handed over, bytes and all, to node:http for good.
 */
export class PlainConnection implements ClientExchange, BodySource {
  readonly remoteAddress: string;
  readonly localPort: number;
  readonly scheme: "http" | "https";
  sender: ClientExchange["sender"] = null;
  body: PlainBody | null = null;
  onClose: ClientExchange["onClose"] = null;
  readonly #socket: Socket;
  readonly #options: PlainConnectionOptions;
  readonly #deadline: Deadline;
  #phase: "head" | "exchange" | "lingering" | "closed" = "head";
  /** Bytes that were read and not used yet. */
  #ahead: Buffer = EMPTY;
  #keepAlive = true;
  #toHead = false;
  #status = 499;
  #writer: ReplyWriter | null = null;
  #lingered = 0;
  #dueMs = Number.POSITIVE_INFINITY;
  #armedMs = Number.POSITIVE_INFINITY;
  /** Monotonic, ms: since when it has been waiting for a request. */
  idleSinceMs: number;

  /** `accepted`: paused, nothing read yet. */
  constructor(accepted: Socket, options: PlainConnectionOptions) {
    const socket = readShared(accepted, this.#take);
    this.#socket = socket;
    this.#options = options;
    this.remoteAddress = socket.remoteAddress ?? "";
    this.localPort = socket.localPort ?? 0;
    this.scheme = "encrypted" in socket ? "https" : "http";
    this.#deadline = new Deadline(() => this.#expire());
    this.idleSinceMs = options.clock.monotonicMs();
    socket.on("drain", this.#drained);
    socket.on("end", this.#gone);
    socket.on("error", this.#gone);
    socket.on("close", this.#gone);
    this.#within(options.timeouts.headersMs);
  }

  /** True between requests, with nothing of the next one there. */
  get idle(): boolean {
    return this.#phase === "head" && this.#ahead.length === 0;
  }

  /** Closes it if it is idle. */
  closeIfIdle(): void {
    if (this.idle) this.#linger();
  }

  invite(): void {
    // Nobody who waits for that is plain.
  }

  answer(reply: Reply, last: boolean): void {
    if (last) this.#keepAlive = false;
    const writer = new ReplyWriter(this.#socket, reply, this.#toHead, !this.#keepAlive, this.#hooks);
    this.#writer = writer;
    this.#status = reply.status;
    writer.begin();
  }

  destroy(): void {
    this.#socket.destroy();
    this.#gone();
  }

  pauseReading(): void {
    this.#socket.pause();
  }

  resumeReading(): void {
    this.#socket.resume();
  }

  readonly #hooks = {
    onEnd: (): void => this.#answered(),
    onFail: (): void => this.destroy(),
    onStall: (stalled: boolean): void => this.#within(stalled ? this.#options.timeouts.writeStallMs : this.#bodyMs()),
  };

  /** `bytes` are overwritten once this returns. */
  readonly #take = (bytes: Buffer): void => {
    if (this.#phase === "lingering") {
      this.#lingered += bytes.length;
      if (this.#lingered > LINGER_BYTES) this.destroy();
      return;
    }
    if (this.#phase === "head") {
      return this.#readHead(this.#ahead.length === 0 ? bytes : Buffer.concat([this.#ahead, bytes]), this.#ahead.length);
    }
    const rest = this.#feedBody(bytes);
    if (rest.length > 0) this.#keepAhead(rest);
  };

  /** Gives the body of the request under way what is its own; returns the rest. */
  #feedBody(bytes: Buffer): Buffer {
    const { body } = this;
    if (body === null || body.complete) return bytes;
    const taken = body.take(bytes);
    if (body.complete) this.#within(Number.POSITIVE_INFINITY);
    return taken === bytes.length ? EMPTY : bytes.subarray(taken);
  }

  #keepAhead(bytes: Buffer): void {
    this.#ahead = Buffer.concat([this.#ahead, bytes]);
    if (this.#ahead.length > MAX_AHEAD_BYTES) this.#socket.pause();
  }

  /** `searched`: how much of it is known not to hold the end of a head. */
  #readHead(buffer: Buffer, searched: number): void {
    const end = buffer.indexOf(END_OF_HEAD, Math.max(0, searched - 3));
    if (end === -1 || end > MAX_HEAD_BYTES) {
      // Once for each head: one that drips in must not win time with every drop.
      if (searched === 0) this.#within(this.#options.timeouts.headersMs);
      this.#ahead = Buffer.from(buffer);
      if (buffer.length > MAX_HEAD_BYTES || !mayBecomePlain(buffer.toString("latin1"))) this.#handOver(buffer);
      return;
    }
    const request = parsePlainRequest(buffer.toString("latin1", 0, end + 2));
    if (request === null) return this.#handOver(buffer);
    this.#ahead = EMPTY;
    this.#phase = "exchange";
    this.#keepAlive = request.keepAlive;
    this.#toHead = request.raw.method === "HEAD";
    this.#status = 499;
    this.body = request.bodyBytes === 0 ? null : new PlainBody(request.bodyBytes, this);
    this.#within(this.#bodyMs());
    const rest = end + 4 === buffer.length ? EMPTY : this.#feedBody(buffer.subarray(end + 4));
    if (rest.length > 0) this.#keepAhead(rest);
    this.#options.serve(request.raw, this);
  }

  #answered(): void {
    // The answer has left this process, or stands in the kernel's buffer, before the next one may begin.
    if (this.#socket.writableLength === 0) this.#next();
    else {
      this.#within(this.#options.timeouts.writeStallMs);
      this.#socket.write(EMPTY, () => this.#next());
    }
  }

  #next(): void {
    if (this.#phase !== "exchange") return;
    const { onClose } = this;
    this.onClose = null;
    this.#writer = null;
    this.idleSinceMs = this.#options.clock.monotonicMs();
    onClose?.(true, this.#status);
    if (!this.#keepAlive || this.body?.complete === false) return this.#linger();
    this.#phase = "head";
    this.body = null;
    const ahead = this.#ahead;
    this.#within(this.#options.timeouts.keepAliveMs);
    this.#socket.resume();
    // Not from within the last answer's end: a long row of requests must not become a deep stack.
    if (ahead.length > 0) queueMicrotask(() => this.#continue());
  }

  #continue(): void {
    if (this.#phase === "head" && this.#ahead.length > 0) this.#readHead(this.#ahead, 0);
  }

  #linger(): void {
    this.#phase = "lingering";
    this.#ahead = EMPTY;
    this.#socket.end();
    this.#socket.resume();
    this.#within(LINGER_MS);
  }

  #handOver(bytes: Buffer): void {
    const socket = this.#socket;
    this.#close();
    socket.off("drain", this.#drained).off("end", this.#gone).off("error", this.#gone).off("close", this.#gone);
    this.#options.handOver(readAlone(socket, this.#take, Buffer.from(bytes)));
  }

  readonly #drained = (): void => this.#writer?.drained();

  /** The client has closed its side, or the connection broke. Whatever is under way, nobody waits for it. */
  readonly #gone = (): void => {
    if (this.#phase === "closed") return;
    const { onClose } = this;
    this.onClose = null;
    this.#close();
    this.#socket.destroy();
    this.body?.breakOff();
    this.#writer?.abandon();
    onClose?.(false, this.#status);
  };

  #close(): void {
    this.#phase = "closed";
    this.#options.wheel.disarm(this.#deadline);
    this.#options.onClose(this);
  }

  /** How long the body may still take; without one, only the route limits the exchange. */
  #bodyMs(): number {
    return this.body?.complete === false ? this.#options.timeouts.requestMs : Number.POSITIVE_INFINITY;
  }

  /** One deadline for all phases. It is armed anew only when it must come sooner, so most requests cost it an assignment. */
  #within(ms: number): void {
    this.#dueMs = this.#options.clock.monotonicMs() + ms;
    if (this.#dueMs < this.#armedMs) this.#arm();
  }

  #arm(): void {
    this.#armedMs = this.#dueMs;
    const { clock, wheel } = this.#options;
    if (this.#dueMs < Number.POSITIVE_INFINITY) wheel.arm(this.#deadline, this.#dueMs - clock.monotonicMs());
  }

  #expire(): void {
    if (this.#options.clock.monotonicMs() < this.#dueMs) this.#arm();
    else this.destroy();
  }
}
