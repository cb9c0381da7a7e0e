import { ERRORS, type ErrorCode } from "#domain/errors.ts";
import type { CallOutcome } from "#domain/breaker.ts";
import type { Reply } from "./exchange.ts";

export interface ProblemOptions {
  readonly detail?: string;
  /** Where it is not the catalogue's. */
  readonly status?: number;
  /** How the call ended that failed; null when no call was made. */
  readonly outcome?: CallOutcome | null;
  /** How long to wait, ms; sent as Retry-After in whole seconds with every 503 and 429. */
  readonly retryAfterMs?: number;
}

/** The gateway's own answer to a request it could not serve: RFC 9457, with the catalogue's code. */
export function problem(code: ErrorCode, options: ProblemOptions = {}): Reply {
  const spec = ERRORS[code];
  const status = options.status ?? spec.http;
  const body = {
    type: "about:blank",
    title: spec.message,
    status,
    code,
    blame: spec.blame,
    detail: options.detail,
  };
  const bytes = Buffer.from(JSON.stringify(body));
  const headers = ["content-type", "application/problem+json", "content-length", String(bytes.length)];
  if (status === 503 || status === 429)
    headers.push("retry-after", String(Math.max(1, Math.ceil((options.retryAfterMs ?? 1000) / 1000))));
  return { status, headers, failure: { code, outcome: options.outcome ?? null }, bytes, stream: null };
}
