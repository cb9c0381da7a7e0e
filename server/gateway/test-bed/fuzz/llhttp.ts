import { createServer, request, type IncomingMessage } from "node:http";
import { Duplex } from "node:stream";
import { turn } from "../wire.ts";

/** A request that Node's own parser read to its end. */
export interface ReadRequest {
  readonly method: string;
  readonly target: string;
  /** Name, value, …; names in lower case. */
  readonly fields: readonly string[];
  readonly body: string;
}

export interface ReadRequests {
  readonly requests: ReadRequest[];
  /** The parser's verdict; null when it would read on. */
  error: string | null;
}

/** Turns of the event loop in which Node's server or client is through with all that was put before it. */
const SETTLED = 6;
/** How long a head may be is no question of how it is read. */
const MAX_HEAD = 1024 * 1024;

/** A connection in memory: what is pushed into it is read, what is written to it is gone. */
function connection(): Duplex {
  const duplex = new Duplex({
    read: () => undefined,
    write: (_chunk, _encoding, done) => done(),
  });
  return duplex.on("error", () => undefined);
}

/** Reads requests as Node's parser (llhttp) in its strict mode does. */
export class LlhttpServer {
  readonly #readings = new WeakMap<object, ReadRequests>();
  readonly #server = createServer({ insecureHTTPParser: false, requireHostHeader: false, maxHeaderSize: MAX_HEAD });

  constructor() {
    const server = this.#server;
    server.maxHeadersCount = 0;
    server.on("request", (incoming, response) => {
      void this.#collect(incoming);
      incoming.on("end", () => response.end());
    });
    server.on("checkContinue", (incoming, response) => server.emit("request", incoming, response));
    server.on("checkExpectation", (incoming, response) => server.emit("request", incoming, response));
    server.on("connect", (incoming) => this.#end(incoming.socket, "CONNECT"));
    server.on("clientError", (error, socket) => {
      // Not closed: requests that were read before the fault come to their end a turn later.
      this.#end(socket, "code" in error ? String(error.code) : error.message);
    });
  }

  async read(bytes: string): Promise<ReadRequests> {
    const reading: ReadRequests = { requests: [], error: null };
    const socket = connection();
    this.#readings.set(socket, reading);
    this.#server.emit("connection", socket);
    socket.push(Buffer.from(bytes, "latin1"));
    for (let index = 0; index < SETTLED; index += 1) await turn();
    socket.destroy();
    return { requests: [...reading.requests], error: reading.error };
  }

  #end(socket: object, error: string): void {
    const reading = this.#readings.get(socket);
    if (reading !== undefined) reading.error ??= error;
  }

  async #collect(incoming: IncomingMessage): Promise<void> {
    const { method = "", url: target = "", socket } = incoming;
    const fields = fieldsOf(incoming);
    const body = await bodyOf(incoming);
    if (body !== null) this.#readings.get(socket)?.requests.push({ method, target, fields, body });
  }
}

export interface ReadResponse {
  readonly status: number;
  readonly fields: readonly string[];
  readonly body: string;
}

/** Reads an answer as Node's parser in its strict mode does; null when it is refused, or breaks off. */
export async function llhttpReadsResponse(
  bytes: string,
  method: string,
  closes: boolean,
): Promise<ReadResponse | null> {
  const socket = connection();
  let read: ReadResponse | null = null;
  const asked = request({ method, path: "/", createConnection: () => socket, maxHeaderSize: MAX_HEAD });
  asked.on("error", () => undefined).on("upgrade", () => socket.destroy());
  asked.on("response", (incoming) => {
    void bodyOf(incoming).then((body) => {
      if (body !== null) read = { status: incoming.statusCode ?? 0, fields: fieldsOf(incoming), body };
    });
  });
  asked.end();
  await turn();
  socket.push(Buffer.from(bytes, "latin1"));
  if (closes) socket.push(null);
  for (let index = 0; index < SETTLED; index += 1) await turn();
  socket.destroy();
  return read;
}

function fieldsOf({ rawHeaders }: IncomingMessage): string[] {
  return rawHeaders.map((part, index) => (index % 2 === 0 ? part.toLowerCase() : part));
}

/** Null when it breaks off. */
function bodyOf(incoming: IncomingMessage): Promise<string | null> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => void chunks.push(chunk));
    incoming.on("end", () => resolve(incoming.complete ? Buffer.concat(chunks).toString("latin1") : null));
    incoming.on("error", () => resolve(null)).on("close", () => resolve(null));
  });
}
