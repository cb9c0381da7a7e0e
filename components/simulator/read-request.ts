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
  const named = [...headers.keys()].find((name) => name.includes("_"));
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
  return {
    listener,
    host: host.toLowerCase().replace(/\.$/, ""),
    authority: typed.host,
    method,
    path: path.path,
    pathNeeds: path.needs,
    search,
    caller: listener === "edge" ? "outside" : typed.caller,
    header: (name) => headers.get(name),
    query: (name) => query.get(name) ?? undefined,
    cookie: (name) => cookieOf(headers.get("cookie"), name),
  };
}

function refused(why: string): RefusedRequest {
  return { refused: why, byGateway: true };
}

function unclear(why: string): RefusedRequest {
  return { refused: why, byGateway: false };
}

/** Fields by lower-case name, lines of one name joined (RFC 9110 §5.3). A string says which line is none. */
function readHeaders({ headers, cookies }: TypedRequest): ReadonlyMap<string, string> | string {
  const fields = new Map<string, string>();
  const lines = headers.split("\n").filter((line) => line.trim() !== "");
  if (cookies.trim() !== "") lines.push(`cookie: ${cookies}`);
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = FieldName.safeParse(line.slice(0, Math.max(0, colon)).trim());
    if (colon === -1 || !name.success) return `“${line.trim()}” is no header: write name: value`;
    const value = line.slice(colon + 1).trim();
    const before = fields.get(name.data);
    fields.set(name.data, before === undefined ? value : `${before}, ${value}`);
  }
  return fields;
}

function cookieOf(pairs: string | undefined, name: string): string | undefined {
  const pair = pairs?.split(/;\s*|,\s+/).find((one) => one.startsWith(`${name}=`));
  return pair?.slice(name.length + 1);
}
