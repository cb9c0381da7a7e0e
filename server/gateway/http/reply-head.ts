import { STATUS_CODES } from "node:http";
import type { Reply } from "../exchange.ts";

const UNSENDABLE = /[^\t\x20-\x7e\x80-\xff]/;

/** How the end of an answer's body can be told. */
export type ReplyFraming = "none" | "length" | "chunked";

/** The first line of each status, made once. */
const statusLines = new Map<number, string>();

function statusLine(status: number): string {
  let line = statusLines.get(status);
  if (line === undefined) statusLines.set(status, (line = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n`));
  return line;
}

/** `Date` in the form of RFC 9110 §5.6.7, made once a second. */
let dateText = "";
let dateSecond = 0;

function date(nowMs: number): string {
  const second = Math.floor(nowMs / 1000);
  if (second !== dateSecond) {
    dateSecond = second;
    dateText = new Date(second * 1000).toUTCString();
  }
  return dateText;
}

export interface ReplyHead {
  readonly text: string;
  readonly framing: ReplyFraming;
}

/**
 * The head of an answer in HTTP/1.1, as latin1.
 * @throws Error when a field could not be sent as it is: a line break in a value would begin a field of its own.
 */
export function replyHead({ status, headers, bytes, stream }: Reply, toHead: boolean, last: boolean): ReplyHead {
  let text = statusLine(status);
  let hasLength = false;
  let hasDate = false;
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? "";
    const value = headers[index + 1] ?? "";
    if (UNSENDABLE.test(value)) throw new Error(`The value of ${name} cannot be sent`);
    if (name === "content-length") hasLength = true;
    else if (name === "date") hasDate = true;
    text += `${name}: ${value}\r\n`;
  }
  if (!hasDate) text += `date: ${date(Date.now())}\r\n`;
  if (last) text += "connection: close\r\n";
  const bodiless = toHead || status === 204 || status === 304 || status < 200;
  if (bodiless) return { text: `${text}\r\n`, framing: "none" };
  if (hasLength) return { text: `${text}\r\n`, framing: "length" };
  if (stream === null && bytes === null) return { text: `${text}content-length: 0\r\n\r\n`, framing: "length" };
  return { text: `${text}transfer-encoding: chunked\r\n\r\n`, framing: "chunked" };
}
