import type { Socket } from "node:net";
import type { BodySink, BodyStream } from "../body-stream.ts";
import { writeTogether } from "../http/write-together.ts";
import type { UpstreamRequest } from "./upstream.ts";

const CRLF = "\r\n";

/** The first line and fields of a request, as bytes on the wire (latin1). */
export function requestHead({ method, target, headers, body, contentLength, upgrade }: UpstreamRequest): string {
  let head = `${method} ${target} HTTP/1.1\r\n`;
  for (let index = 0; index < headers.length; index += 2) head += `${headers[index]}: ${headers[index + 1]}\r\n`;
  if (upgrade) head += "connection: upgrade\r\nupgrade: websocket\r\n";
  if (body !== null) {
    const length = Buffer.isBuffer(body) ? body.length : contentLength;
    head += length === null ? "transfer-encoding: chunked\r\n" : `content-length: ${length}\r\n`;
  } else if (method !== "GET" && method !== "HEAD") {
    // RFC 9110 §8.6: methods that may have a body say so when they have none.
    head += "content-length: 0\r\n";
  }
  return head + CRLF;
}

export interface BodyWriterHooks {
  /** The last byte was written. */
  readonly onSent: () => void;
  /** The body broke off, or was not as long as it was said to be. */
  readonly onBroken: () => void;
}

/**
 * Writes a request's streamed body to a connection, no faster than that takes it, and exactly as long as was said: a body
 * that is shorter or longer breaks off, so that what follows it on the connection cannot be mistaken for it.
 */
export class BodyWriter implements BodySink {
  readonly #socket: Socket;
  readonly #body: BodyStream;
  /** Held back for the first piece, so that both leave in one write. */
  #head: string;
  readonly #hooks: BodyWriterHooks;
  /** Null: chunked. */
  #left: number | null;
  #over = false;

  constructor(socket: Socket, head: string, body: BodyStream, contentLength: number | null, hooks: BodyWriterHooks) {
    this.#socket = socket;
    this.#head = head;
    this.#body = body;
    this.#left = contentLength;
    this.#hooks = hooks;
  }

  /** True when the whole body was written. */
  get done(): boolean {
    return this.#over;
  }

  begin(): void {
    this.#body.start(this);
    // The first piece may be a long time coming.
    if (!this.#over) this.#flush();
  }

  /** The connection has room again. */
  drained(): void {
    if (!this.#over) this.#body.resume();
  }

  /** Nobody needs the rest. */
  abandon(): void {
    if (this.#over) return;
    this.#over = true;
    this.#body.discard();
  }

  write(chunk: Buffer): boolean {
    if (this.#over) return true;
    if (chunk.length === 0) return true;
    const head = this.#head;
    this.#head = "";
    if (this.#left === null)
      return writeTogether(this.#socket, `${head}${chunk.length.toString(16)}${CRLF}`, chunk, CRLF);
    this.#left -= chunk.length;
    if (this.#left < 0) {
      this.fail();
      return true;
    }
    return writeTogether(this.#socket, head, chunk, "");
  }

  end(): void {
    if (this.#over) return;
    if (this.#left !== null && this.#left > 0) return this.fail();
    this.#over = true;
    this.#flush();
    if (this.#left === null) this.#socket.write("0\r\n\r\n", "latin1");
    this.#hooks.onSent();
  }

  fail(): void {
    if (this.#over) return;
    this.#over = true;
    this.#hooks.onBroken();
  }

  #flush(): void {
    if (this.#head !== "") this.#socket.write(this.#head, "latin1");
    this.#head = "";
  }
}
