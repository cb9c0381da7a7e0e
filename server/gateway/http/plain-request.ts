import { parseFieldLines } from "./field-lines.ts";
import type { RawHead } from "../request-head.ts";

/** A request that needs nothing but its head and, at most, a body of known length to be understood. */
export interface PlainRequest {
  readonly raw: RawHead;
  /** Bytes of the body that follows; 0: none. */
  readonly bodyBytes: number;
  readonly keepAlive: boolean;
}

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
/** Anything but tabs, CR LF pairs and visible ASCII. */
const UNUSUAL = /[^\t\r\n\x20-\x7e]|\r(?!\n)|(?<!\r)\n/;
const VERSION = " HTTP/1.1";
const DIGITS = /^(?:0|[1-9]\d{0,14})$/;
/** Fields with which a request says that it wants more than an answer. */
const NOT_PLAIN = new Set([
  "transfer-encoding",
  "expect",
  "upgrade",
  "http2-settings",
  "proxy-connection",
  "trailer",
  "te",
]);

/** Whether the beginning of a head can still become a plain request: if not, there is nothing to wait for. */
export function mayBecomePlain(text: string): boolean {
  return !UNUSUAL.test(text.endsWith("\r") ? text.slice(0, -1) : text);
}

/**
 * Reads the head of a plain request; `text` ends with the CRLF of its last line. Null for whatever is not beyond doubt: a
 * full parser is to look at that. It must accept nothing that node:http would refuse; a fuzz test holds it to that.
 */
export function parsePlainRequest(text: string): PlainRequest | null {
  if (UNUSUAL.test(text)) return null;
  const lineEnd = text.indexOf("\r\n");
  const methodEnd = text.indexOf(" ");
  const targetEnd = lineEnd - VERSION.length;
  if (methodEnd < 1 || text.indexOf(" ", methodEnd + 1) !== targetEnd || !text.startsWith(VERSION, targetEnd))
    return null;
  const method = text.slice(0, methodEnd);
  const target = text.slice(methodEnd + 1, targetEnd);
  if (!METHODS.has(method) || target.charCodeAt(0) !== 0x2f || target.includes("\t")) return null;
  const headers = parseFieldLines(text, lineEnd + 2);
  if (headers === null) return null;
  let bodyBytes = 0;
  let lengths = 0;
  let keepAlive = true;
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? "";
    if (NOT_PLAIN.has(name)) return null;
    if (name === "content-length") {
      const value = headers[index + 1] ?? "";
      lengths += 1;
      if (lengths > 1 || !DIGITS.test(value)) return null;
      bodyBytes = Number(value);
    } else if (name === "connection") {
      const option = (headers[index + 1] ?? "").toLowerCase();
      if (option === "close") keepAlive = false;
      else if (option !== "keep-alive") return null;
    }
  }
  return { raw: { method, target, httpVersion: "1.1", headers }, bodyBytes, keepAlive };
}
