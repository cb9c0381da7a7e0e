import { parseFieldLines } from "./field-lines.ts";

/** Head of a service's answer, read strictly. */
export interface ResponseHead {
  readonly status: number;
  /** Name, value, …; names in lower case. Latin1, as on the wire. */
  readonly headers: string[];
  readonly framing: "none" | "length" | "chunked" | "close";
  /** With `length`: bytes of the body. Otherwise what the field says, for HEAD and 304; null without one. */
  readonly contentLength: number | null;
  /** Whether the connection may be used again after this answer. */
  readonly keepAlive: boolean;
}

/** Anything but tabs, CR LF pairs, and visible characters including obs-text (RFC 9110 §5.5). */
const FORBIDDEN = /[^\t\r\n\x20-\x7e\x80-\xff]|\r(?!\n)|(?<!\r)\n/;
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [^\r\n]*)?$/;
const DIGITS = /^\d{1,15}$/;

/**
 * Takes an answer's head apart; `text` ends with the CRLF of its last line. Null when it could be read in two ways: then
 * nothing of it may be passed on. `toHead`: it answers a HEAD request.
 */
export function parseResponseHead(text: string, toHead: boolean): ResponseHead | null {
  if (FORBIDDEN.test(text)) return null;
  const lineEnd = text.indexOf("\r\n");
  const [, minor, code] = STATUS_LINE.exec(text.slice(0, lineEnd)) ?? [];
  const status = Number(code);
  if (minor === undefined || status > 599) return null;
  const headers = parseFieldLines(text, lineEnd + 2);
  if (headers === null) return null;
  const said = whatItSays(headers);
  if (said === null) return null;
  const { chunked, contentLength, close, keep } = said;
  const keepAlive = !close && (minor === "1" || keep);
  // RFC 9112 §6.1: a transfer coding in HTTP/1.0, or beside a length, is a sign of smuggling.
  if (chunked && (minor === "0" || contentLength !== null)) return null;
  // HTTP/1.0 has no interim answers (RFC 9110 §15.2), and none is the last on its connection: others take it for the answer.
  if (status < 200)
    return minor === "0" || close ? null : { status, headers, framing: "none", contentLength: null, keepAlive };
  if (toHead || status === 204 || status === 304) return { status, headers, framing: "none", contentLength, keepAlive };
  if (chunked) return { status, headers, framing: "chunked", contentLength: null, keepAlive };
  if (contentLength !== null) return { status, headers, framing: "length", contentLength, keepAlive };
  return { status, headers, framing: "close", contentLength: null, keepAlive: false };
}

interface Said {
  chunked: boolean;
  contentLength: number | null;
  close: boolean;
  keep: boolean;
}

function whatItSays(headers: readonly string[]): Said | null {
  const said: Said = { chunked: false, contentLength: null, close: false, keep: false };
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? "";
    const value = headers[index + 1] ?? "";
    switch (name) {
      case "content-length":
        if (said.contentLength !== null || !DIGITS.test(value)) return null;
        said.contentLength = Number(value);
        break;
      case "transfer-encoding":
        if (said.chunked || value.toLowerCase() !== "chunked") return null;
        said.chunked = true;
        break;
      case "connection": {
        const options = value.toLowerCase();
        if (options.includes("close")) said.close = true;
        if (options.includes("keep-alive")) said.keep = true;
        break;
      }
    }
  }
  return said;
}
