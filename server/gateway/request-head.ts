import { isIPv6 } from "node:net";
import type { ErrorCode } from "#domain/errors.ts";
import { canonicalPath, type PathOptIn } from "#domain/canonical-path.ts";

/** The first line and fields of a request as they arrived. */
export interface RawHead {
  readonly method: string;
  readonly target: string;
  /** `1.0`, `1.1`: by whose rules the head is to be read; what holds for HTTP/1.1 holds for HTTP/2. */
  readonly httpVersion: string;
  /** What the client spoke, when that is not the same: `2.0`. */
  readonly spoken?: string;
  /** Name, value, name, value; names in lower case, nothing merged. */
  readonly headers: readonly string[];
}

/** A request head that is safe to match and to forward. */
export interface RequestHead {
  readonly method: string;
  /** Canonical. */
  readonly path: string;
  /** What the path has that only a route which opted in lets through. */
  readonly pathNeeds: readonly PathOptIn[];
  /** With its `?`, or empty. */
  readonly search: string;
  /** For matching: lower case, no port, no trailing dot. */
  readonly host: string;
  /** The Host field, to forward. */
  readonly authority: string;
  readonly headers: readonly string[];
  /** Lower-case names the `Connection` field lists; they end here. */
  readonly hopNames: readonly string[];
  /** The version of HTTP the client spoke, for `Via`. */
  readonly spoken: string;
  /** A WebSocket is asked for, as RFC 6455 §4.1 says. */
  readonly webSocket: boolean;
  readonly hasBody: boolean;
  /** Null when there is no body, or its length is not known beforehand. */
  readonly contentLength: number | null;
}

export interface Refusal {
  readonly refused: ErrorCode;
  readonly detail: string;
}

/** Counted by us on the raw fields: Node drops what is above its own limit, framing fields included. */
const MAX_HEADERS = 100;
/** A name without empty labels, an IPv4 address, or anything in brackets; and a port. */
const HOST = /^(?:\[([0-9A-Fa-f:.]+)\]|(?=.{1,254}(?::|$))[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.?)(?::(\d{1,5}))?$/;
/** Fields a client must not take away from the service by naming them in `Connection` (RFC 9110 §7.6.1). */
const END_TO_END = new Set([
  "host",
  "content-length",
  "transfer-encoding",
  "authorization",
  "cookie",
  "x-forwarded-for",
  "x-forwarded-proto",
  "x-forwarded-host",
  "x-request-id",
]);

/** Checks a request's head against everything that could be read in two ways, and takes it apart. */
export function readRequestHead(raw: RawHead): RequestHead | Refusal {
  if (raw.headers.length > MAX_HEADERS * 2)
    return { refused: "REQUEST_HEADERS_TOO_LARGE", detail: `More than ${MAX_HEADERS} header fields.` };
  if (raw.httpVersion !== "1.1" && raw.httpVersion !== "1.0") return bad(`HTTP/${raw.httpVersion} is not spoken here.`);
  const fields = collect(raw.headers);
  if (typeof fields === "string") return bad(fields);
  const body = framing(fields, raw.httpVersion);
  if (typeof body === "string") return bad(body);
  if (fields.webSocket && !mayUpgrade(raw, fields, body.hasBody))
    return { refused: "UPGRADE_REFUSED", detail: "It takes a GET without a body, a key, and version 13." };
  const target = splitTarget(raw.target, fields.hosts);
  if (typeof target === "string") return bad(target);
  const canonical = canonicalPath(target.path);
  if (canonical === null) return bad("The path can be read in more than one way.");
  return {
    method: raw.method,
    path: canonical.path,
    pathNeeds: canonical.needs,
    search: target.search,
    host: target.host,
    authority: target.authority,
    headers: raw.headers,
    hopNames: fields.hopNames,
    webSocket: fields.webSocket,
    spoken: raw.spoken ?? raw.httpVersion,
    ...body,
  };
}

function bad(detail: string): Refusal {
  return { refused: "BAD_REQUEST", detail };
}

interface Fields {
  readonly hosts: string[];
  readonly lengths: string[];
  readonly codings: string[];
  hopNames: string[];
  /** Upgrades to HTTP/2 may be ignored (RFC 9110 §7.8); a WebSocket client cannot go on without one. */
  webSocket: boolean;
  expects: boolean;
  /** Of `SINGLE`, those that have come. */
  singles: string[];
}

/** Fields of which servers take the first, the last or neither when there are two (RFC 9110 §5.3 allows one). */
const SINGLE = new Set(["authorization", "content-type", "content-range", "range", "if-range"]);

/** One pass over the fields. A string says what is wrong. */
function collect(headers: readonly string[]): Fields | string {
  const fields: Fields = {
    hosts: [],
    lengths: [],
    codings: [],
    hopNames: [],
    webSocket: false,
    expects: false,
    singles: [],
  };
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? "";
    const value = headers[index + 1] ?? "";
    // Servers that map names to CGI variables read Content_Length as Content-Length.
    if (name.includes("_")) return `Header ${name} has an underscore in its name.`;
    if (SINGLE.has(name)) {
      if (fields.singles.includes(name)) return `Header ${name} stands twice.`;
      fields.singles.push(name);
    }
    if (name === "host") fields.hosts.push(value);
    else if (name === "content-length") fields.lengths.push(value);
    else if (name === "transfer-encoding") fields.codings.push(value);
    else if (name === "expect" && (value.toLowerCase() !== "100-continue" || fields.expects))
      return "Expect must be exactly 100-continue.";
    else if (name === "expect") fields.expects = true;
    else if (name === "upgrade" && value.toLowerCase().includes("websocket")) fields.webSocket = true;
    else if (name === "connection")
      fields.hopNames.push(
        ...value
          .toLowerCase()
          .split(",")
          .map((part) => part.trim()),
      );
  }
  const stolen = fields.hopNames.find((name) => END_TO_END.has(name));
  return stolen === undefined ? fields : `Connection must not name ${stolen}.`;
}

/** RFC 6455 §4.2.1. */
function mayUpgrade({ method, httpVersion, headers }: RawHead, { hopNames }: Fields, hasBody: boolean): boolean {
  const valuesOf = (name: string): string[] => headers.filter((_, at) => at % 2 === 1 && headers[at - 1] === name);
  const only = (name: string): string | undefined => (valuesOf(name).length === 1 ? valuesOf(name)[0] : undefined);
  return (
    method === "GET" &&
    httpVersion === "1.1" &&
    !hasBody &&
    hopNames.includes("upgrade") &&
    only("sec-websocket-key") !== undefined &&
    only("upgrade")?.toLowerCase() === "websocket" &&
    only("sec-websocket-version") === "13"
  );
}

function framing(fields: Fields, httpVersion: string): { hasBody: boolean; contentLength: number | null } | string {
  const [length, ...moreLengths] = fields.lengths;
  const [coding, ...moreCodings] = fields.codings;
  if (coding !== undefined) {
    if (length !== undefined) return "Content-Length and Transfer-Encoding together.";
    if (httpVersion !== "1.1") return "Transfer-Encoding in HTTP/1.0.";
    if (moreCodings.length > 0 || coding.toLowerCase() !== "chunked")
      return "Transfer-Encoding must be exactly chunked.";
    return { hasBody: true, contentLength: null };
  }
  if (length === undefined) return { hasBody: false, contentLength: null };
  const bytes = Number(length);
  if (moreLengths.length > 0 || !/^\d+$/.test(length) || !Number.isSafeInteger(bytes))
    return "Content-Length must be one whole number.";
  return { hasBody: bytes > 0, contentLength: bytes > 0 ? bytes : null };
}

function splitTarget(
  target: string,
  hosts: readonly string[],
): { path: string; search: string; host: string; authority: string } | string {
  const [authority, ...more] = hosts;
  if (authority === undefined || more.length > 0) return "Exactly one Host field is needed.";
  const [valid, address, port] = HOST.exec(authority) ?? [];
  if (valid === undefined || Number(port ?? 0) > 65_535 || (address !== undefined && !isIPv6(address)))
    return "The Host field is not a host.";
  const origin = originForm(target, authority);
  if (origin === null) return "The request target is not for this host.";
  if (/[#\x00-\x20\x7f-\xff]/.test(origin)) return "The request target has characters that must be encoded.";
  const mark = origin.indexOf("?");
  const host = (port === undefined ? authority : authority.slice(0, -port.length - 1)).toLowerCase().replace(/\.$/, "");
  return {
    path: mark === -1 ? origin : origin.slice(0, mark),
    search: mark === -1 ? "" : origin.slice(mark),
    host,
    authority,
  };
}

/** Origin-form as it is; absolute-form (RFC 9112 §3.2.2) only when it names the same host as the Host field. */
function originForm(target: string, authority: string): string | null {
  if (target.startsWith("/")) return target;
  const [, named, rest] = /^http:\/\/([^/?#]+)(.*)$/i.exec(target) ?? [];
  if (named?.toLowerCase() !== authority.toLowerCase()) return null;
  return rest?.startsWith("/") === true ? rest : `/${rest ?? ""}`;
}
