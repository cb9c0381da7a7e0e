import type { Socket } from "node:net";
import { startRawPeer, type Peer } from "./peer.ts";
import { valuesOf } from "./wire.ts";

/** A request as a service saw it, byte for byte. */
export interface SeenRequest {
  readonly method: string;
  readonly target: string;
  /** Name, value; names in lower case. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  body: string;
  /** False while its body is coming, and for ever when that broke off. */
  complete: boolean;
}

const LINE = /^([A-Z][A-Z-]*) (\/[\x21-\x7e]*) HTTP\/1\.1$/;
const FIELD = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*$/;
/** Nothing of these may come through a proxy (RFC 9110 §7.6.1); `connection` itself only to say how the connection goes on. */
const HOP_BY_HOP = [
  "keep-alive",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "upgrade",
  "http2-settings",
  "expect",
];

/**
 * A service that reads with a parser of its own, which forgives nothing, keeps every request, and answers each with its
 * target. Whatever a gateway must never send is noted as a fault.
 */
export class RecordingUpstream {
  readonly seen: SeenRequest[] = [];
  readonly faults: string[] = [];
  /** All bytes of each connection, latin1. */
  readonly connections: { bytes: string }[] = [];
  readonly peer: Peer;

  static async start(): Promise<RecordingUpstream> {
    let self: RecordingUpstream | null = null;
    const peer = await startRawPeer((socket) => self?.serve(socket));
    self = new RecordingUpstream(peer);
    return self;
  }

  private constructor(peer: Peer) {
    this.peer = peer;
  }

  get complete(): SeenRequest[] {
    return this.seen.filter(({ complete }) => complete);
  }

  /** Forgets what it saw. Connections stay as they are. */
  clear(): void {
    this.seen.length = 0;
    this.faults.length = 0;
    for (const connection of this.connections) connection.bytes = "";
  }

  private serve(socket: Socket): void {
    const connection = { bytes: "" };
    this.connections.push(connection);
    let unread = "";
    let current: SeenRequest | null = null;
    socket.setEncoding("latin1").setNoDelay(true);
    socket.on("data", (chunk) => {
      connection.bytes += String(chunk);
      unread += String(chunk);
      for (;;) {
        if (current === null) {
          const end = unread.indexOf("\r\n\r\n");
          if (end === -1) return;
          current = this.#readHead(unread.slice(0, end));
          if (current === null) return void socket.destroy();
          unread = unread.slice(end + 4);
          this.seen.push(current);
        }
        const body = bodyAtStart(unread, current);
        if (body === null) return;
        if (typeof body === "string") {
          this.faults.push(`${body}: ${JSON.stringify(unread.slice(0, 80))}`);
          return void socket.destroy();
        }
        current.body = body.text;
        current.complete = true;
        unread = unread.slice(body.used);
        const { method, target } = current;
        current = null;
        socket.write(
          `HTTP/1.1 200 OK\r\nContent-Length: ${target.length}\r\n\r\n${method === "HEAD" ? "" : target}`,
          "latin1",
        );
      }
    });
    socket.on("close", () => {
      if (current === null && unread !== "") this.faults.push(`half a head: ${JSON.stringify(unread.slice(0, 80))}`);
    });
  }

  #readHead(head: string): SeenRequest | null {
    const [first = "", ...lines] = head.split("\r\n");
    const [, method, target] = LINE.exec(first) ?? [];
    const fields = lines.map((line) => FIELD.exec(line));
    if (method === undefined || target === undefined || fields.includes(null)) {
      this.faults.push(`not a request head: ${JSON.stringify(head.slice(0, 200))}`);
      return null;
    }
    const request = {
      method,
      target,
      fields: fields.map((field) => [(field?.[1] ?? "").toLowerCase(), field?.[2] ?? ""] as const),
      body: "",
      complete: false,
    };
    for (const fault of faultsOf(request)) this.faults.push(`${fault}: ${JSON.stringify(head.slice(0, 400))}`);
    return request;
  }
}

function* faultsOf({ target, fields }: SeenRequest): Generator<string> {
  const all = (name: string): string[] => valuesOf(fields, name);
  if (all("host").length !== 1 || all("host")[0] === "") yield "not exactly one Host";
  const lengths = all("content-length");
  const codings = all("transfer-encoding");
  if (lengths.length + codings.length > 1) yield "framed twice";
  if (lengths.some((length) => !/^(?:0|[1-9]\d*)$/.test(length))) yield "a length in an odd spelling";
  if (codings.some((coding) => coding !== "chunked")) yield "a transfer coding other than chunked";
  for (const name of HOP_BY_HOP) if (all(name).length > 0) yield `${name} came through`;
  if (all("connection").some((value) => !/^(?:keep-alive|close)$/i.test(value))) yield "a Connection with names";
  if (fields.some(([name]) => name.includes("_"))) yield "a name with an underscore";
  const [path = ""] = target.split("?");
  if (/%(?![0-9A-F]{2})|%00|%2F|%5C|[\\;#]|\/\/|\/\.{1,2}(?:\/|$)/.test(path)) yield "a path that is not canonical";
}

/** A body at the start of `text`; null when more is needed, a string when it cannot be one. */
function bodyAtStart(text: string, { fields }: SeenRequest): { text: string; used: number } | string | null {
  if (valuesOf(fields, "transfer-encoding").length === 0) {
    const length = Number(valuesOf(fields, "content-length")[0] ?? 0);
    return text.length < length ? null : { text: text.slice(0, length), used: length };
  }
  let body = "";
  let at = 0;
  for (;;) {
    const end = text.indexOf("\r\n", at);
    if (end === -1) return null;
    const line = text.slice(at, end);
    if (!/^[0-9A-Fa-f]{1,8}$/.test(line)) return "not a chunk";
    const size = Number.parseInt(line, 16);
    const dataEnd = end + 2 + size;
    if (text.length < dataEnd + 2) return null;
    if (!text.startsWith("\r\n", dataEnd)) return size === 0 ? "a trailer" : "a chunk without its end";
    body += text.slice(end + 2, dataEnd);
    at = dataEnd + 2;
    if (size === 0) return { text: body, used: at };
  }
}
