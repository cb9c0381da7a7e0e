import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { ClientExchange } from "../client-exchange.ts";
import { Deadline, type DeadlineWheel } from "../deadline-wheel.ts";
import type { Reply, Tunnel } from "../exchange.ts";
import { OpenTunnel } from "../tunnel.ts";
import { replyHead } from "./reply-head.ts";
import { ReplyWriter } from "./reply-writer.ts";

export interface UpgradeClientOptions {
  readonly wheel: DeadlineWheel;
  /** Where open WebSockets are listed. */
  readonly tunnels: Set<OpenTunnel>;
  /** Longest time a client may leave an answer unread, ms. */
  readonly writeStallMs: number;
}

/** A client that asked for a WebSocket. Whatever it is answered, the connection is not used for HTTP again. */
export class UpgradeClient implements ClientExchange {
  readonly remoteAddress: string;
  readonly localPort: number;
  readonly scheme: "http" | "https";
  sender: ClientExchange["sender"] = null;
  readonly body = null;
  onClose: ClientExchange["onClose"] = null;
  readonly #socket: Duplex;
  readonly #first: Buffer;
  readonly #wheel: DeadlineWheel;
  readonly #tunnels: Set<OpenTunnel>;
  readonly #writeStallMs: number;
  readonly #stall: Deadline;
  #writer: ReplyWriter | null = null;
  #status = 499;

  /** `first`: what came behind the request's head. */
  constructor(
    request: IncomingMessage,
    socket: Duplex,
    first: Buffer,
    { wheel, tunnels, writeStallMs }: UpgradeClientOptions,
  ) {
    this.remoteAddress = request.socket.remoteAddress ?? "";
    this.localPort = request.socket.localPort ?? 0;
    this.scheme = "encrypted" in request.socket ? "https" : "http";
    this.#socket = socket;
    this.#first = first;
    this.#wheel = wheel;
    this.#tunnels = tunnels;
    this.#writeStallMs = writeStallMs;
    this.#stall = new Deadline(() => this.destroy());
    socket.on("error", () => this.destroy());
    socket.on("close", () => this.#close(false));
    socket.on("drain", () => this.#writer?.drained());
  }

  invite(): void {
    // Such a request has no body.
  }

  answer(reply: Reply, _last: boolean): void {
    const { tunnel } = reply;
    if (tunnel !== undefined) return this.#join(reply, tunnel);
    const writer = new ReplyWriter(this.#socket, reply, false, true, {
      onEnd: () => {
        this.#wheel.arm(this.#stall, this.#writeStallMs);
        this.#socket.end(() => this.#socket.destroy());
      },
      onFail: () => this.destroy(),
      onStall: (stalled) =>
        stalled ? this.#wheel.arm(this.#stall, this.#writeStallMs) : this.#wheel.disarm(this.#stall),
    });
    this.#writer = writer;
    this.#status = reply.status;
    writer.begin();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #join(reply: Reply, tunnel: Tunnel): void {
    reply.headers.push("connection", "upgrade", "upgrade", "websocket");
    this.#socket.write(replyHead(reply, false, false).text, "latin1");
    this.#status = reply.status;
    if (this.#first.length > 0) tunnel.socket.write(this.#first);
    const open = new OpenTunnel(this.#socket, tunnel, this.#wheel, () => {
      this.#tunnels.delete(open);
      this.#close(true);
    });
    this.#tunnels.add(open);
  }

  #close(finished: boolean): void {
    this.#wheel.disarm(this.#stall);
    this.#writer?.abandon();
    this.onClose?.(finished || this.#writer !== null, this.#status);
    this.onClose = null;
  }
}
