/** Fields that concern one connection only (RFC 9110 §7.6.1), and those that must not travel further for other reasons. */
const HOP_BY_HOP = new Set([
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
]);
/** What the gateway says itself, and therefore takes from nobody. */
const OURS = new Set([
  "host",
  "content-length",
  "expect",
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-proto",
  "x-forwarded-host",
  "x-forwarded-port",
  "x-real-ip",
  "x-request-id",
]);

export interface ForwardedRequest {
  readonly headers: readonly string[];
  readonly hopNames: readonly string[];
  readonly authority: string;
  /** The Host to send; `authority` is what the client asked for. */
  readonly sentAuthority: string;
  readonly contentLength: number | null;
  readonly remoteAddress: string;
  readonly requestId: string;
}

/** The fields to send to the service: what is end-to-end, and our own account of where the request came from. */
export function requestHeaders(request: ForwardedRequest): string[] {
  const sent = ["host", request.sentAuthority];
  for (let index = 0; index < request.headers.length; index += 2) {
    const name = request.headers[index]?.toLowerCase() ?? "";
    if (HOP_BY_HOP.has(name) || OURS.has(name) || name.startsWith("x-mesh-") || request.hopNames.includes(name))
      continue;
    sent.push(name, request.headers[index + 1] ?? "");
  }
  if (request.contentLength !== null) sent.push("content-length", String(request.contentLength));
  sent.push(
    "x-forwarded-for",
    request.remoteAddress,
    "x-forwarded-proto",
    "http",
    "x-forwarded-host",
    request.authority,
    "x-request-id",
    request.requestId,
  );
  return sent;
}

export interface ForwardedResponse {
  readonly headers: string[];
  readonly contentLength: number | null;
}

/**
 * The fields of a service's answer to pass on. Null when its framing could be read in two ways: the answer must not be
 * forwarded then.
 */
export function responseHeaders(raw: readonly Uint8Array[], status: number): ForwardedResponse | null {
  const pairs = raw.map(latin1);
  let hopNames: string[] = [];
  let contentLength: number | null = null;
  for (let index = 0; index < pairs.length; index += 2) {
    const name = (pairs[index] ?? "").toLowerCase();
    const value = pairs[index + 1] ?? "";
    pairs[index] = name;
    if (name === "connection")
      hopNames = [
        ...hopNames,
        ...value
          .toLowerCase()
          .split(",")
          .map((part) => part.trim()),
      ];
    if (name === "transfer-encoding" && value.toLowerCase() !== "chunked") return null;
    if (name !== "content-length") continue;
    if (contentLength !== null || !/^\d+$/.test(value)) return null;
    contentLength = Number(value);
  }
  const headers: string[] = [];
  for (let index = 0; index < pairs.length; index += 2) {
    const name = pairs[index] ?? "";
    if (HOP_BY_HOP.has(name) || name === "x-request-id" || name.startsWith("x-mesh-") || hopNames.includes(name))
      continue;
    if (status === 204 && name === "content-length") continue;
    headers.push(name, pairs[index + 1] ?? "");
  }
  return { headers, contentLength };
}

/** Header bytes are latin1 on the wire (RFC 9110 §5.5); Node writes them back the same way. */
function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}
