/** What a gateway must do with the bytes of a case. */
export type ExpectedOfRequest =
  /** Answered by the gateway; no service sees a byte of it. */
  | {
      readonly kind: "refused";
      readonly statuses: readonly number[];
      /** Where the request ends is in no doubt, so the connection may go on. */
      readonly keeps: boolean;
    }
  /** Sent on as exactly this. */
  | {
      readonly kind: "forwarded";
      readonly method: string;
      readonly target: string;
      readonly host: string;
      readonly body: string;
      /** Whether the next request on the connection is answered, too. */
      readonly keeps: boolean;
      /** `name: value`, names in lower case. */
      readonly has: readonly string[];
      /** Names, or `name: value`, that must not come through. */
      readonly lacks: readonly string[];
      /** There is one way to read it, but it may be refused for its looks, in all its variants or in none. */
      readonly mayBeRefused: boolean;
    }
  /** Turns out to be wrong in the middle of its body: no service may take it for complete, and the connection ends. */
  | { readonly kind: "broken" };

export interface RequestCase {
  readonly name: string;
  /** latin1. */
  readonly bytes: string;
  readonly expected: ExpectedOfRequest;
}

/** A request's bytes: first line, fields, body. */
export function requestBytes(line: string, fields: readonly string[] = ["Host: a.test"], body = ""): string {
  return `${[line, ...fields].join("\r\n")}\r\n\r\n${body}`;
}

/** A POST with these fields besides Host. */
export const post = (fields: readonly string[], body = ""): string =>
  requestBytes("POST /p HTTP/1.1", ["Host: a.test", ...fields], body);

/** A GET with these fields besides Host. */
export const get = (...fields: readonly string[]): string =>
  requestBytes("GET /p HTTP/1.1", ["Host: a.test", ...fields]);

/** A GET for a target. */
export const to = (target: string, host = "a.test"): string =>
  requestBytes(`GET ${target} HTTP/1.1`, [`Host: ${host}`]);

/** The gateway answers with one of these, and closes. */
export function refused(name: string, bytes: string, ...statuses: readonly number[]): RequestCase {
  return {
    name,
    bytes,
    expected: { kind: "refused", statuses: statuses.length === 0 ? [400] : statuses, keeps: false },
  };
}

/** The route refuses it; the connection goes on. */
export function refusedByRoute(name: string, bytes: string): RequestCase {
  return { name, bytes, expected: { kind: "refused", statuses: [400], keeps: true } };
}

/** Its body breaks. */
export function broken(name: string, bytes: string): RequestCase {
  return { name, bytes, expected: { kind: "broken" } };
}

type Forwarded = Extract<ExpectedOfRequest, { kind: "forwarded" }>;

/** It goes to a service; what is not said is taken from `GET /p` or, with a body, `POST /p` on `a.test`. */
export function forwarded(name: string, bytes: string, facts: Partial<Omit<Forwarded, "kind">> = {}): RequestCase {
  const method = bytes.startsWith("POST") ? "POST" : "GET";
  const expected: Forwarded = {
    kind: "forwarded",
    method,
    target: "/p",
    host: "a.test",
    body: "",
    keeps: true,
    has: [],
    lacks: [],
    mayBeRefused: false,
    ...facts,
  };
  return { name, bytes, expected };
}
