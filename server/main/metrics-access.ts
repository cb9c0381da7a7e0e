import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** Fields that proxies add: a request with one of them comes from elsewhere, wherever its connection does. */
const FORWARDING = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];
const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/;

/** What is answered to a request for metrics instead of them; null: it may have them. */
export interface MetricsRefusal {
  readonly status: 401 | 403;
  readonly problem: string;
}

/**
 * Whether a request may read the console's metrics: whoever shows the token; without one, only what comes from this machine
 * itself. They name services and gateways, and nobody signs a scraper in.
 */
export function refuseMetrics(request: IncomingMessage, token: string | undefined): MetricsRefusal | null {
  if (token !== undefined) {
    const [scheme = "", shown = ""] = (request.headers.authorization ?? "").split(" ", 2);
    const isRight = scheme.toLowerCase() === "bearer" && isSame(shown, token);
    return isRight ? null : { status: 401, problem: "Show METRICS_TOKEN as `Authorization: Bearer <token>`." };
  }
  const isDirect = FORWARDING.every((field) => request.headers[field] === undefined);
  if (isDirect && LOOPBACK.test(request.socket.remoteAddress ?? "")) return null;
  return { status: 403, problem: "Without METRICS_TOKEN, metrics are for this machine alone." };
}

/** In a time that says nothing of where two texts differ, or of their lengths. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
