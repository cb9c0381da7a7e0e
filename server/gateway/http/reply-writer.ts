import type { Duplex } from "node:stream";
import type { BodySink } from "../body-stream.ts";
import type { Reply } from "../exchange.ts";
import { writeTogether } from "./write-together.ts";
import { replyHead, type ReplyFraming } from "./reply-head.ts";

const LAST_CHUNK = "0\r\n\r\n";

export interface ReplyWriterHooks {
  /** Everything was handed to the connection. */
  readonly onEnd: () => void;
  /** The body broke off: the connection must break, too. */
  readonly onFail: () => void;
  /** The connection takes no more for now (`true`), or has room again. */
  readonly onStall: (stalled: boolean) => void;
}

/** Writes one answer to a connection that speaks HTTP/1.1. */
export class ReplyWriter implements BodySink {
  readonly #socket: Duplex;
  readonly #hooks: ReplyWriterHooks;
  readonly #framing: ReplyFraming;
  readonly #reply: Reply;
  /** Held back for the first piece of the body, so that both leave in one write. */
  #head: string;
  #over = false;
  #stalled = false;

  /** @throws Error when the head cannot be sent; nothing was written then. */
  constructor(socket: Duplex, reply: Reply, toHead: boolean, last: boolean, hooks: ReplyWriterHooks) {
    const { text, framing } = replyHead(reply, toHead, last);
    this.#socket = socket;
    this.#hooks = hooks;
    this.#framing = framing;
    this.#head = text;
    this.#reply = reply;
  }

  begin(): void {
    const { stream, bytes } = this.#reply;
    if (stream === null) {
      if (bytes !== null) this.write(bytes);
      return this.end();
    }
    stream.start(this);
    // The first piece may be a long time coming; but if it is there already, it is read in this turn.
    if (this.#head !== "") setImmediate(flushHead, this);
  }

  /** Sends the head alone, if no piece of the body has taken it along. */
  flush(): void {
    if (!this.#over) this.#flush();
  }

  /** The connection has room again. */
  drained(): void {
    if (!this.#stalled) return;
    this.#stalled = false;
    this.#hooks.onStall(false);
    if (!this.#over) this.#reply.stream?.resume();
  }

  /** Nobody reads any more. */
  abandon(): void {
    if (this.#over) return;
    this.#over = true;
    this.#reply.stream?.discard();
  }

  write(chunk: Buffer): boolean {
    if (this.#over || chunk.length === 0 || this.#framing === "none") return true;
    const head = this.#head;
    this.#head = "";
    const chunked = this.#framing === "chunked";
    const before = chunked ? `${head}${chunk.length.toString(16)}\r\n` : head;
    const flowing = writeTogether(this.#socket, before, chunk, chunked ? "\r\n" : "");
    if (!flowing && !this.#stalled) {
      this.#stalled = true;
      this.#hooks.onStall(true);
    }
    return flowing;
  }

  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#flush();
    if (this.#framing === "chunked") this.#socket.write(LAST_CHUNK, "latin1");
    this.#hooks.onEnd();
  }

  fail(): void {
    if (this.#over) return;
    this.#over = true;
    this.#hooks.onFail();
  }

  #flush(): void {
    if (this.#head === "") return;
    this.#socket.write(this.#head, "latin1");
    this.#head = "";
  }
}

function flushHead(writer: ReplyWriter): void {
  writer.flush();
}
