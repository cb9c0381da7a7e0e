import { FORWARDING_FIELDS, type Forwarding } from "./forwarding.ts";

/** Fields that concern one connection only (RFC 9110 §7.6.1), and those that must not travel further for other reasons. */
const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "http2-settings",
];
/** What the gateway says itself, and therefore takes from nobody. */
const NOT_FROM_REQUESTS = new Set([...HOP_BY_HOP, "host", "content-length", "expect", ...FORWARDING_FIELDS]);
const NOT_FROM_RESPONSES = new Set([...HOP_BY_HOP, "x-request-id"]);

const isOurs = (name: string): boolean => name.startsWith("x-mesh-");

export interface ForwardedRequest {
  /** Names in lower case. */
  readonly headers: readonly string[];
  readonly hopNames: readonly string[];
  /** The Host to send. */
  readonly authority: string;
  readonly forwarding: Forwarding;
  /** Version of HTTP the request came by. */
  readonly spoken: string;
}

/**
 * The fields to send to the service: what is end-to-end, and our own account of where the request came from. Framing is
 * not among them: whoever writes the body knows that.
 */
export function requestHeaders(request: ForwardedRequest): string[] {
  const { headers, hopNames, forwarding } = request;
  const sent = ["host", request.authority];
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? "";
    if (NOT_FROM_REQUESTS.has(name) || isOurs(name) || hopNames.includes(name)) continue;
    if (!forwarding.passOthers && name.startsWith("x-forwarded-")) continue;
    sent.push(name, headers[index + 1] ?? "");
  }
  // RFC 9110 §7.6.3; those of earlier hops stand before it.
  sent.push("via", `${request.spoken} meshkeeper`);
  for (const part of forwarding.fields) sent.push(part);
  return sent;
}

/** The fields of a service's answer to pass on. `raw`: names in lower case, framing already checked. */
export function responseHeaders(raw: readonly string[], status: number): string[] {
  const hopNames = hopNamesOf(raw);
  const headers: string[] = [];
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? "";
    const value = raw[index + 1] ?? "";
    if (NOT_FROM_RESPONSES.has(name) || isOurs(name) || hopNames?.includes(name) === true) continue;
    if (name !== "content-length") headers.push(name, value);
    // RFC 9110 §8.6: never with 1xx and 204. In one spelling: some read 0005 as octal.
    else if (status !== 204 && status >= 200) headers.push(name, value.startsWith("0") ? String(Number(value)) : value);
  }
  return headers;
}

/** Names listed in `Connection`; null for the usual case that there are none worth looking for. */
function hopNamesOf(raw: readonly string[]): string[] | null {
  let names: string[] | null = null;
  for (let index = 0; index < raw.length; index += 2) {
    if (raw[index] !== "connection") continue;
    const value = (raw[index + 1] ?? "").toLowerCase();
    if (value === "keep-alive" || value === "close") continue;
    names = [...(names ?? []), ...value.split(",").map((part) => part.trim())];
  }
  return names;
}
