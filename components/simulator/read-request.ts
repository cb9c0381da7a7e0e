import { canonicalPath, type PathOptIn } from "#domain/canonical-path.ts";
import { FieldName } from "#domain/field-name.ts";
import type { MatchRequest } from "#domain/route-match.ts";
import type { TypedRequest } from "./typed-request.ts";

/** A request as routes see it, and what else a gateway keeps of it. */
export interface ReadRequest extends MatchRequest {
  /** With its `?`, or empty. */
  readonly search: string;
  /** The Host field: with port. */
  readonly authority: string;
  /** What only a route that opted in lets through. */
  readonly pathNeeds: readonly PathOptIn[];
}

/** Why a gateway answers 400 before it looks at any route; or, without `byGateway`, why nobody could send this. */
export interface RefusedRequest {
  readonly refused: string;
  readonly byGateway: boolean;
}

/** As the gateway reads the Host field: a name or an address, and perhaps a port. */
const HOST = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_.])?)(?::\d{1,5})?$/;
const METHOD = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Looks at a request the way a gateway does. */
export function readRequest(typed: TypedRequest): ReadRequest | RefusedRequest {
  const { listener, method, target } = typed;
  if (!METHOD.test(method)) return unclear(`${method === "" ? "An empty text" : method} is no method`);
  const host = HOST.exec(typed.host)?.[1];
  if (host === undefined)
    return refused(typed.host === "" ? "A request names its host." : "The Host field is not a host.");
  const headers = readHeaders(typed);
  if (typeof headers === "string") return unclear(headers);
  const named = headers.lines.find(({ name }) => name.includes("_"))?.name;
  if (named !== undefined) return refused(`Header ${named} has an underscore in its name.`);
  const mark = target.indexOf("?");
  const raw = mark === -1 ? target : target.slice(0, mark);
  const search = mark === -1 ? "" : target.slice(mark);
  if (!raw.startsWith("/")) return unclear("A path starts with /");
  if (/[#\s]|[^\x21-\x7e]/.test(target)) return refused("The path or the query has characters that must be encoded.");
  const path = canonicalPath(raw);
  if (path === null)
    return refused(
      "The path can be read in more than one way: . and .. segments, \\, %00 and a % without two hex digits are never let through.",
    );
  const query = new URLSearchParams(search);
  const cookies = cookiesIn(headers.lines.filter(({ name }) => name === "cookie").map(({ value }) => value));
  return {
    listener,
    host: host.toLowerCase().replace(/\.$/, ""),
    authority: typed.host,
    method,
    path: path.path,
    pathNeeds: path.needs,
    search,
    caller: listener === "edge" ? "outside" : typed.caller,
    header: (name) => headers.joined.get(name),
    query: (name) => query.get(name) ?? undefined,
    cookie: (name) => cookies.get(name),
  };
}

function refused(why: string): RefusedRequest {
  return { refused: why, byGateway: true };
}

function unclear(why: string): RefusedRequest {
  return { refused: why, byGateway: false };
}

interface ReadHeaders {
  /** As they came, with names in lower case. */
  readonly lines: readonly { readonly name: string; readonly value: string }[];
  /** By name, lines of one name joined (RFC 9110 §5.3). */
  readonly joined: ReadonlyMap<string, string>;
}

/** A string says which line is no header. */
function readHeaders({ headers, cookies }: TypedRequest): ReadHeaders | string {
  const lines: { name: string; value: string }[] = [];
  const joined = new Map<string, string>();
  const typed = headers.split("\n").filter((line) => line.trim() !== "");
  if (cookies.trim() !== "") typed.push(`cookie: ${cookies}`);
  for (const line of typed) {
    const colon = line.indexOf(":");
    const field = FieldName.safeParse(line.slice(0, Math.max(0, colon)).trim());
    if (colon === -1 || !field.success) return `“${line.trim()}” is no header: write name: value`;
    const name = field.data;
    const value = line.slice(colon + 1).trim();
    const before = joined.get(name);
    joined.set(name, before === undefined ? value : `${before}, ${value}`);
    lines.push({ name, value });
  }
  return { lines, joined };
}

/** First value of each name; fields are not joined first, since a comma may be part of a value (RFC 6265 §5.4). */
function cookiesIn(fields: readonly string[]): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of fields.flatMap((field) => field.split(";"))) {
    const equals = pair.indexOf("=");
    const name = pair.slice(0, Math.max(0, equals)).trim();
    if (name !== "" && !cookies.has(name)) cookies.set(name, pair.slice(equals + 1).trim());
  }
  return cookies;
}
