import type { Cors } from "#domain/route-actions.ts";
import type { MatchRequest } from "#domain/route-match.ts";
import type { Exchange, Reply } from "../exchange.ts";
import type { Filter, Handler } from "../pipeline.ts";
import { preflightMethod } from "../preflight-method.ts";
import { RequestView } from "../request-view.ts";
import type { CorsPolicy } from "../route-filters.ts";
import { dropFields } from "./change-headers.ts";

/**
 * The CORS protocol of the Fetch standard (Gateway API `HTTPCORSFilter`): preflights are answered here and go no further;
 * on other answers the service's own `access-control-*` fields are replaced. A request from an origin that may not call
 * is served, since browsers send it all the same, but its page is not shown the answer.
 */
export const cors: Filter = (exchange, next) => {
  const policy = exchange.route?.cors ?? null;
  if (policy === null) return next(exchange);
  const view = new RequestView(exchange);
  const method = preflightMethod(view);
  return method === null
    ? share(exchange, policy, view.header("origin"), next)
    : Promise.resolve(preflight(policy, method, view));
};

const PREFLIGHT_VARY = ["vary", "origin, access-control-request-method, access-control-request-headers"];

/** 204 and what is allowed when the request may follow; else 403, and nothing that a browser could take for leave. */
function preflight(policy: CorsPolicy, method: string, view: MatchRequest): Reply {
  const allowed = policy.allowed(view.header("origin") ?? "");
  const granted =
    allowed !== null &&
    policy.allowsMethod(method) &&
    policy.allowsHeaders(view.header("access-control-request-headers") ?? "");
  const headers = granted
    ? ["access-control-allow-origin", allowed, ...policy.preflightHeaders, ...PREFLIGHT_VARY]
    : ["content-length", "0", ...PREFLIGHT_VARY];
  return { status: granted ? 204 : 403, headers, failure: null, bytes: null, stream: null };
}

async function share(
  exchange: Exchange,
  policy: CorsPolicy,
  origin: string | undefined,
  next: Handler,
): Promise<Reply> {
  const reply = await next(exchange);
  const { headers } = reply;
  dropFields(headers, (name) => name.startsWith("access-control-"));
  const allowed = origin === undefined ? null : policy.allowed(origin);
  if (allowed !== null) headers.push("access-control-allow-origin", allowed, ...policy.answerHeaders);
  // Also where this one has no origin: a cache must not give its answer to a page that has one.
  if (policy.varies) headers.push("vary", "origin");
  return reply;
}

export function compileCors(spec: Cors | null): CorsPolicy | null {
  if (spec === null) return null;
  const any = spec.origins.includes("*");
  const tests = spec.origins.map(originTest);
  const methods = new Set(spec.methods);
  const headers = new Set(spec.headers);
  // With credentials the star is a name like any other (Fetch standard, CORS-preflight fetch).
  const anyHeader = headers.has("*") && !spec.credentials;
  const credentials = spec.credentials ? ["access-control-allow-credentials", "true"] : [];
  return {
    allowed: (origin) => (any ? "*" : tests.some((test) => test(origin)) ? origin : null),
    allowsMethod: (method) => methods.has(method),
    allowsHeaders: (names) => anyHeader || listed(names).every((name) => headers.has(name)),
    preflightHeaders: [
      ...credentials,
      ...list("access-control-allow-methods", spec.methods),
      ...list("access-control-allow-headers", spec.headers),
      "access-control-max-age",
      String(spec.maxAgeS),
    ],
    answerHeaders: [...credentials, ...list("access-control-expose-headers", spec.exposed)],
    varies: !any,
  };
}

function list(name: string, values: readonly string[]): string[] {
  return values.length === 0 ? [] : [name, values.join(", ")];
}

function listed(names: string): string[] {
  return names
    .toLowerCase()
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

/** `https://*.example.com`: any number of labels in place of the star (Gateway API `CORSOrigin`). */
function originTest(pattern: string): (origin: string) => boolean {
  // Browsers leave a scheme's own port out.
  const written = pattern.replace(/^(http:.*):80$|^(https:.*):443$/, "$1$2");
  const star = written.indexOf("*.");
  if (star === -1) return (origin) => origin === written;
  const [before, after] = [written.slice(0, star), written.slice(star + 1)];
  return (origin) =>
    origin.startsWith(before) &&
    origin.endsWith(after) &&
    /^[a-z0-9._-]+$/.test(origin.slice(before.length, -after.length));
}
