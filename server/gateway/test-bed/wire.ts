import { connect } from "node:net";

/** An answer as it came over the wire. */
export interface WireAnswer {
  readonly status: number;
  /** Name, value; names in lower case. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** Bytes as latin1, chunks put together. */
  readonly body: string;
  /** False when it broke off. */
  readonly complete: boolean;
}

export interface WireReading {
  /** Final answers; `1xx` are left out. */
  readonly answers: readonly WireAnswer[];
  readonly interim: readonly number[];
  /** What cannot be read as the answer to a request that was sent. */
  readonly rest: string;
}

/** How a conversation ended: the gateway closed it, reset it, or the client had what it waited for (or lost patience). */
export type WireEnd = "closed" | "reset" | "left" | "timeout";

export interface Conversation {
  readonly text: string;
  readonly end: WireEnd;
}

export interface ConverseOptions {
  /** Leave as soon as this holds for what came back; without it, wait for the close. */
  readonly enough?: (text: string) => boolean;
  readonly patienceMs?: number;
  /** Given what closes the connection on this side. */
  readonly onConnect?: (leave: () => void) => void;
}

/** One turn of the event loop: in one process, whoever has bytes to read reads them in it. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Sends bytes piece by piece, each after the other side had time to read the one before; returns all that came back. */
export function converse(
  port: number,
  pieces: readonly string[],
  options: ConverseOptions = {},
): Promise<Conversation> {
  const { enough = () => false, patienceMs = 5000, onConnect } = options;
  return new Promise((resolve) => {
    let text = "";
    let over = false;
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    const timer = setTimeout(() => finish("timeout"), patienceMs);
    const finish = (end: WireEnd): void => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      socket.destroy();
      resolve({ text, end });
    };
    socket.setEncoding("latin1");
    socket.on("data", (chunk) => {
      text += String(chunk);
      if (enough(text)) finish("left");
    });
    socket.on("error", () => finish("reset"));
    socket.on("close", () => finish("closed"));
    socket.on("connect", () => {
      onConnect?.(() => finish("left"));
      void write();
    });
    const write = async (): Promise<void> => {
      // The other side accepts in one turn and reads from the next.
      if (pieces.length > 1) for (let index = 0; index < 3; index += 1) await turn();
      for (const piece of pieces) {
        if (over || !socket.writable) return;
        socket.write(piece, "latin1");
        if (pieces.length > 1) await turn();
      }
    };
  });
}

/** Reads answers as strictly as a client should, given the methods of the requests they are for. */
export function readAnswers(text: string, methods: readonly string[], closed: boolean): WireReading {
  const answers: WireAnswer[] = [];
  const interim: number[] = [];
  let rest = text;
  for (const method of methods) {
    let head = readHead(rest);
    while (head !== null && head.status < 200 && head.status !== 101) {
      interim.push(head.status);
      rest = rest.slice(head.length);
      head = readHead(rest);
    }
    if (head === null) break;
    const { body, used, complete } = readBody(rest.slice(head.length), head, method, closed);
    answers.push({ status: head.status, fields: head.fields, body, complete });
    rest = rest.slice(head.length + used);
    if (!complete) break;
  }
  return { answers, interim, rest };
}

interface Head {
  readonly status: number;
  readonly fields: readonly (readonly [string, string])[];
  readonly length: number;
}

function readHead(text: string): Head | null {
  const end = text.indexOf("\r\n\r\n");
  if (end === -1) return null;
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const [, status] = /^HTTP\/1\.1 (\d{3}) [\t\x20-\x7e\x80-\xff]*$/.exec(first) ?? [];
  if (status === undefined) return null;
  const fields: [string, string][] = [];
  for (const line of lines) {
    const [, name, value] = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+): ?([\t\x20-\x7e\x80-\xff]*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return null;
    fields.push([name.toLowerCase(), value]);
  }
  return { status: Number(status), fields, length: end + 4 };
}

/** All values of a field. */
export function valuesOf(fields: readonly (readonly [string, string])[], name: string): string[] {
  return fields.filter(([known]) => known === name).map(([, value]) => value);
}

function readBody(
  text: string,
  { status, fields }: Head,
  method: string,
  closed: boolean,
): { body: string; used: number; complete: boolean } {
  if (method === "HEAD" || status === 204 || status === 304 || status === 101)
    return { body: "", used: 0, complete: true };
  if (valuesOf(fields, "transfer-encoding").length > 0) return readChunked(text);
  const [length] = valuesOf(fields, "content-length");
  if (length === undefined) return { body: text, used: text.length, complete: closed };
  const bytes = Number(length);
  return { body: text.slice(0, bytes), used: Math.min(bytes, text.length), complete: text.length >= bytes };
}

function readChunked(text: string): { body: string; used: number; complete: boolean } {
  let body = "";
  let at = 0;
  for (;;) {
    const [line, size] = /^([0-9a-f]+)\r\n/i.exec(text.slice(at, at + 20)) ?? [];
    if (line === undefined || size === undefined) return { body, used: text.length, complete: false };
    const bytes = Number.parseInt(size, 16);
    at += line.length;
    if (bytes === 0) {
      const complete = text.startsWith("\r\n", at);
      return { body, used: complete ? at + 2 : text.length, complete };
    }
    body += text.slice(at, at + bytes);
    at += bytes;
    if (!text.startsWith("\r\n", at)) return { body, used: text.length, complete: false };
    at += 2;
  }
}
