import type { MatchRequest } from "#domain/route-match.ts";
import type { Arrival } from "./exchange.ts";
import type { RequestHead } from "./request-head.ts";

/** A request as policy may look at it. Fields, cookies and parameters are looked up only when somebody asks. */
export class RequestView implements MatchRequest {
  readonly listener: MatchRequest["listener"];
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly caller: string;
  readonly #headers: readonly string[];
  readonly #search: string;
  #cookies: ReadonlyMap<string, string> | null = null;
  #parameters: ReadonlyMap<string, string> | null = null;

  constructor({ arrival, head }: { arrival: Pick<Arrival, "listener" | "caller">; head: RequestHead }) {
    this.listener = arrival.listener;
    this.host = head.host;
    this.method = head.method;
    this.path = head.path;
    this.caller = arrival.caller;
    this.#headers = head.headers;
    this.#search = head.search;
  }

  header(name: string): string | undefined {
    let value: string | undefined;
    for (let at = 0; at < this.#headers.length; at += 2) {
      if (this.#headers[at] !== name) continue;
      const line = this.#headers[at + 1] ?? "";
      value = value === undefined ? line : `${value}, ${line}`;
    }
    return value;
  }

  cookie(name: string): string | undefined {
    this.#cookies ??= cookiesIn(this.#headers);
    return this.#cookies.get(name);
  }

  query(name: string): string | undefined {
    if (this.#search === "") return undefined;
    this.#parameters ??= parametersIn(this.#search);
    const value = this.#parameters.get(name);
    return value === undefined ? undefined : decoded(value);
  }
}

/** First value of each name; quotes stay (RFC 6265 §4.1.1, §5.4). Several fields are not joined first: a comma may be part of a value. */
function cookiesIn(headers: readonly string[]): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (let at = 0; at < headers.length; at += 2) {
    if (headers[at] !== "cookie") continue;
    for (const pair of (headers[at + 1] ?? "").split(";")) {
      const equals = pair.indexOf("=");
      const name = pair.slice(0, Math.max(0, equals)).trim();
      if (name !== "" && !cookies.has(name)) cookies.set(name, pair.slice(equals + 1).trim());
    }
  }
  return cookies;
}

/** First value of each name, still encoded: a value nobody asks for is not worth it. */
function parametersIn(search: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const pair of search.slice(1).split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const name = decoded(equals === -1 ? pair : pair.slice(0, equals));
    if (!parameters.has(name)) parameters.set(name, equals === -1 ? "" : pair.slice(equals + 1));
  }
  return parameters;
}

const PERCENT = 0x25;

/**
 * `application/x-www-form-urlencoded` (URL standard §5.1): + is a space, what is not two hex digits after % stays as it is, what
 * is no UTF-8 becomes U+FFFD. Nothing is thrown and caught, which is dear, and a stranger decides how often.
 */
function decoded(text: string): string {
  const spaced = text.includes("+") ? text.replaceAll("+", " ") : text;
  if (!spaced.includes("%")) return spaced;
  const bytes = Buffer.from(spaced, "latin1");
  let length = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] === PERCENT ? hexAt(spaced, at + 1) : -1;
    bytes[length] = byte === -1 ? (bytes[at] ?? 0) : byte;
    length += 1;
    if (byte !== -1) at += 2;
  }
  return bytes.toString("utf8", 0, length);
}

/** The byte that two hex digits stand for, or -1. */
function hexAt(text: string, at: number): number {
  const high = digit(text.charCodeAt(at));
  const low = digit(text.charCodeAt(at + 1));
  return high === -1 || low === -1 ? -1 : high * 16 + low;
}

function digit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
