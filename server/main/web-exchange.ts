import type { IncomingMessage, ServerResponse } from "node:http";
import { MeshError } from "#domain/errors.ts";

/** The headers of a request as the web's own type. */
export function webHeaders(request: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) headers.append(name, one);
  }
  return headers;
}

/**
 * A request as the web's own type, with its whole body.
 * @throws MeshError DOCUMENT_TOO_LARGE when the body is larger than `maxBytes`.
 */
export async function webRequest(request: IncomingMessage, origin: string, maxBytes: number): Promise<Request> {
  const body = await readBody(request, maxBytes);
  const method = request.method ?? "GET";
  const init: RequestInit = { method, headers: webHeaders(request) };
  return new Request(
    new URL(request.url ?? "/", origin),
    method === "GET" || method === "HEAD" ? init : { ...init, body },
  );
}

/** Sends an answer of the web's own type. */
export async function sendWebResponse(response: ServerResponse, answer: Response): Promise<void> {
  response.statusCode = answer.status;
  for (const [name, value] of answer.headers) if (name !== "set-cookie") response.setHeader(name, value);
  const cookies = answer.headers.getSetCookie();
  if (cookies.length > 0) response.setHeader("set-cookie", cookies);
  response.end(Buffer.from(await answer.arrayBuffer()));
}

/** Sends JSON. */
export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" });
  response.end(JSON.stringify(value));
}

async function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const part = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    bytes += part.length;
    if (bytes > maxBytes) throw new MeshError("DOCUMENT_TOO_LARGE");
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString("utf8");
}
