import type { Answer, Redirect } from "#domain/route-actions.ts";
import type { RouteSpec } from "#domain/route.ts";
import type { Lookup } from "#domain/value-template.ts";
import type { Exchange, Reply } from "../exchange.ts";
import type { Filter } from "../pipeline.ts";
import { problem } from "../problem.ts";
import type { DirectAnswer, FixedAnswer, RequestFacts } from "../route-filters.ts";
import { rewrittenPath } from "./rewrite.ts";

const DEFAULT_PORTS: Readonly<Record<"http" | "https", string>> = { http: "80", https: "443" };
/** Statuses that never have a body (RFC 9110 §15.3.5, §15.3.6, §15.4.5). */
const BODILESS = new Set([204, 205, 304]);

/** Answers the requests of routes that say themselves what the answer is. */
export const answerDirectly: Filter = (exchange, next) => {
  const answer = exchange.route?.answer ?? null;
  return answer === null ? next(exchange) : Promise.resolve(answered(exchange, answer));
};

function answered(exchange: Exchange, answer: DirectAnswer): Reply {
  if (answer.kind === "fixed") return fixedReply(answer, exchange.head.method);
  const location = answer.location(exchange);
  if (location === null)
    return problem("BAD_REQUEST", { detail: "There is no path to send this request to with what it holds." });
  const headers = ["location", location, "content-length", "0"];
  return { status: answer.status, headers, failure: null, bytes: null, stream: null };
}

/** A fixed answer as it goes to one request: its fields are its own to add to. */
export function fixedReply({ status, headers, bytes }: FixedAnswer, method: string): Reply {
  return { status, headers: [...headers], failure: null, bytes: method === "HEAD" ? null : bytes, stream: null };
}

export function compileAnswer(answer: Answer | null, spec: RouteSpec): DirectAnswer | null {
  if (answer === null) return null;
  if (answer.kind === "redirect")
    return { kind: "redirect", status: answer.status, location: compileLocation(answer, spec) };
  return compileFixed(answer);
}

/** Makes a fixed answer's head and bytes, once for all requests. */
export function compileFixed(answer: { status: number; contentType: string; body: string }): FixedAnswer {
  const { status, contentType } = answer;
  if (BODILESS.has(status)) return { kind: "fixed", status, headers: status === 205 ? NO_BODY : [], bytes: null };
  const bytes = Buffer.from(answer.body);
  const headers = ["content-length", String(bytes.length)];
  if (bytes.length > 0 && contentType !== "") headers.push("content-type", contentType);
  return { kind: "fixed", status, headers, bytes };
}

const NO_BODY = ["content-length", "0"];

/**
 * Where a redirect leads (RFC 9110 §10.2.2, Gateway API `HTTPRequestRedirect`): what it does not say stays as the request
 * had it, the query always; a port is named only when it is not the scheme's own, and one the redirect does not name is
 * the request's, unless the redirect names a scheme.
 */
function compileLocation(redirect: Redirect, spec: RouteSpec): Lookup<RequestFacts> {
  const path = redirect.path === null ? null : rewrittenPath(redirect.path, spec);
  return (facts) => {
    const { arrival, head } = facts;
    const sent = path === null ? head.path : path(facts)?.path;
    if (sent === undefined) return null;
    const scheme = redirect.scheme ?? arrival.scheme;
    const port = redirect.port?.toString() ?? (redirect.scheme === null ? portIn(head.authority) : null);
    const suffix = port === null || port === DEFAULT_PORTS[scheme] ? "" : `:${port}`;
    return `${scheme}://${redirect.host ?? head.host}${suffix}${sent}${head.search}`;
  };
}

/** The port a Host field names, or null. Brackets end an IPv6 address before it. */
function portIn(authority: string): string | null {
  return /:(\d+)$/.exec(authority)?.[1] ?? null;
}
