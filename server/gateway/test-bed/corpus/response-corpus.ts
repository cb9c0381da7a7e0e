/** What a gateway must make of a service's answer. */
export type ExpectedOfResponse =
  /** Answered with 502; nothing of it comes through. */
  | { readonly kind: "refused" }
  /** Passed on whole. */
  | {
      readonly kind: "forwarded";
      readonly status: number;
      readonly body: string;
      /** `name: value`, names in lower case. */
      readonly has: readonly string[];
      /** Names, or `name: value`, that must not come through. */
      readonly lacks: readonly string[];
      /** Whether the connection to the service may carry another request. */
      readonly reusable: boolean;
    }
  /** Begun, and broken off so that the client can tell; or refused, when that shows early. */
  | { readonly kind: "aborted" };

export interface ResponseCase {
  readonly name: string;
  readonly method: "GET" | "HEAD";
  /** latin1. */
  readonly bytes: string;
  /** Whether the service closes its connection behind them. */
  readonly closes: boolean;
  readonly expected: ExpectedOfResponse;
}

type Forwarded = Extract<ExpectedOfResponse, { kind: "forwarded" }>;
type Extra = Partial<Pick<ResponseCase, "method" | "closes">>;

function answer(line: string, fields: readonly string[], body = ""): string {
  return `${[`HTTP/1.1 ${line}`, ...fields].join("\r\n")}\r\n\r\n${body}`;
}
const ok = (fields: readonly string[], body = ""): string => answer("200 OK", fields, body);
const chunked = (body: string, ...fields: readonly string[]): string =>
  ok(["Transfer-Encoding: chunked", ...fields], body);

const refused = (name: string, bytes: string, extra: Extra = {}): ResponseCase => ({
  name,
  bytes,
  method: "GET",
  closes: true,
  ...extra,
  expected: { kind: "refused" },
});
const aborted = (name: string, bytes: string, extra: Extra = {}): ResponseCase => ({
  name,
  bytes,
  method: "GET",
  closes: true,
  ...extra,
  expected: { kind: "aborted" },
});
const forwarded = (name: string, bytes: string, facts: Partial<Omit<Forwarded, "kind">> & Extra = {}): ResponseCase => {
  const { method = "GET", closes = false, ...rest } = facts;
  const expected: Forwarded = { kind: "forwarded", status: 200, body: "", has: [], lacks: [], reusable: true, ...rest };
  return { name, bytes, method, closes, expected };
};

const HELLO = "5\r\nhello\r\n0\r\n\r\n";
const POISON = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison";

/** Every answer a service may give, and what must come of it (RFC 9112 §6.3, §7, §8; RFC 9110 §15). */
export const RESPONSE_CORPUS: readonly ResponseCase[] = [
  refused("two lengths that differ", ok(["Content-Length: 2", "Content-Length: 3"], "ok")),
  refused("two lengths alike", ok(["Content-Length: 2", "Content-Length: 2"], "ok")),
  refused("a list of lengths", ok(["Content-Length: 2, 2"], "ok")),
  refused("length +2", ok(["Content-Length: +2"], "ok")),
  refused("length -2", ok(["Content-Length: -2"], "ok")),
  refused("length 0x2", ok(["Content-Length: 0x2"], "ok")),
  refused("length 2 2", ok(["Content-Length: 2 2"], "ok")),
  refused("length empty", ok(["Content-Length:"], "ok")),
  refused("length above 2^64", ok(["Content-Length: 18446744073709551618"], "ok")),
  refused("length of letters", ok(["Content-Length: two"], "ok")),
  refused("length and chunked", ok(["Content-Length: 2", "Transfer-Encoding: chunked"], HELLO)),
  refused("chunked and length", ok(["Transfer-Encoding: chunked", "Content-Length: 2"], HELLO)),
  refused("TE chunked, gzip", ok(["Transfer-Encoding: chunked, gzip"], HELLO)),
  refused("TE gzip, chunked", ok(["Transfer-Encoding: gzip, chunked"], HELLO)),
  refused("TE gzip", ok(["Transfer-Encoding: gzip"], "x")),
  refused("TE identity", ok(["Transfer-Encoding: identity"], "x")),
  refused("TE empty", ok(["Transfer-Encoding:"], HELLO)),
  refused("TE chunked twice", ok(["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"], HELLO)),
  refused("TE xchunked", ok(["Transfer-Encoding: xchunked"], HELLO)),
  refused("TE in HTTP/1.0", `HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${HELLO}`),
  refused("bare LFs", "HTTP/1.1 200 OK\nContent-Length: 2\n\nok"),
  refused("a bare LF behind a field", "HTTP/1.1 200 OK\r\nX: 1\nContent-Length: 2\r\n\r\nok"),
  refused("a bare CR behind the first line", "HTTP/1.1 200 OK\rContent-Length: 2\r\n\r\nok"),
  refused("a bare CR in a value", ok(["X: 1\rContent-Length: 9", "Content-Length: 2"], "ok")),
  refused("CR CR LF", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\r\n\r\nok"),
  refused("a folded line", ok(["X: 1\r\n 2", "Content-Length: 2"], "ok")),
  refused("a folded length", ok(["Content-Length:\r\n 2"], "ok")),
  refused("a space before a colon", ok(["Content-Length : 2"], "ok")),
  refused("a space before the first field", ok([" X: 1", "Content-Length: 2"], "ok")),
  refused("a line without a colon", ok(["hello", "Content-Length: 2"], "ok")),
  refused("an empty name", ok([": 1", "Content-Length: 2"], "ok")),
  refused("a name with NUL", ok(["X\0: 1", "Content-Length: 2"], "ok")),
  refused("a value with NUL", ok(["X: a\0b", "Content-Length: 2"], "ok")),
  refused("a value with a control character", ok(["X: a\x01b", "Content-Length: 2"], "ok")),
  refused("garbage", "hello\r\n\r\n"),
  refused("a request", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
  refused("a TLS alert", "\x15\x03\x01\x00\x02\x02\x0a"),
  refused("nothing", ""),
  refused("half a head", "HTTP/1.1 200 OK\r\nContent-Le"),
  refused("a head of 100 KB", ok([`X: ${"x".repeat(100_000)}`, "Content-Length: 2"], "ok")),
  refused(
    "a head of 100 KB in small fields",
    ok([...Array.from({ length: 1000 }, (_, index) => `X-${index}: ${"x".repeat(100)}`), "Content-Length: 2"], "ok"),
  ),
  refused("a head without an end", `HTTP/1.1 200 OK\r\n${"X: 1\r\n".repeat(30_000)}`),
  refused("HTTP/0.9", "ok"),
  refused("HTTP/2.0", "HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\nok"),
  refused("HTTP/1.2", "HTTP/1.2 200 OK\r\nContent-Length: 2\r\n\r\nok"),
  refused("http/1.1", "http/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
  refused("status 99", answer("99 Odd", ["Content-Length: 2"], "ok")),
  refused("status 099", answer("099 Odd", ["Content-Length: 2"], "ok")),
  refused("status 000", answer("000 Odd", ["Content-Length: 2"], "ok")),
  refused("status 600", answer("600 Odd", ["Content-Length: 2"], "ok")),
  refused("status 999", answer("999 Odd", ["Content-Length: 2"], "ok")),
  refused("status 1000", answer("1000 Odd", ["Content-Length: 2"], "ok")),
  refused("status 2OO", answer("2OO OK", ["Content-Length: 2"], "ok")),
  refused("status -200", answer("-200 OK", ["Content-Length: 2"], "ok")),
  refused("no status", answer("OK", ["Content-Length: 2"], "ok")),
  refused("101 nobody asked for", answer("101 Switching Protocols", ["Connection: upgrade", "Upgrade: x"])),
  refused(
    "101, then an answer",
    answer("101 Switching Protocols", ["Connection: upgrade", "Upgrade: x"]) + ok(["Content-Length: 2"], "ok"),
    { closes: false },
  ),
  refused("1,000 × 100 Continue", answer("100 Continue", []).repeat(1000) + ok(["Content-Length: 2"], "ok"), {
    closes: false,
  }),
  refused("102 and no more", answer("102 Processing", [])),
  refused(
    "an interim answer in HTTP/1.0",
    "HTTP/1.0 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
  ),
  refused(
    "an interim answer that ends its connection",
    answer("103 Early Hints", ["Connection: close"]) + ok(["Content-Length: 2"], "ok"),
  ),
  refused("an interim answer with a length", answer("103 Early Hints", ["Content-Length: 5"], "hello")),

  aborted("a short body", ok(["Content-Length: 100"], "only this")),
  aborted("no body at all", ok(["Content-Length: 5"])),
  aborted("chunks without a last one", chunked("5\r\nhello\r\n")),
  aborted("a chunk cut short", chunked("5\r\nhel")),
  aborted("a last chunk cut short", chunked("5\r\nhello\r\n0\r\n")),
  aborted("no chunk at all", chunked("")),
  aborted("a bad second chunk", chunked("5\r\nhello\r\nZZ\r\nboom\r\n0\r\n\r\n")),
  aborted("a chunk size with a bare LF", chunked("5\nhello\r\n0\r\n\r\n")),
  aborted("a chunk size with a space", chunked("5 \r\nhello\r\n0\r\n\r\n")),
  aborted("a chunk size 0x5", chunked("0x5\r\nhello\r\n0\r\n\r\n")),
  aborted("a chunk size -5", chunked("-5\r\nhello\r\n0\r\n\r\n")),
  aborted("a chunk size above 2^64", chunked("10000000000000005\r\nhello\r\n0\r\n\r\n")),
  aborted("no chunk size", chunked("\r\nhello\r\n0\r\n\r\n")),
  aborted("no CRLF behind a chunk", chunked("5\r\nhello0\r\n\r\n")),
  aborted("a bare LF behind a chunk", chunked("5\r\nhello\n0\r\n\r\n")),
  aborted("a chunk extension of 64 KB", chunked(`5;${"x".repeat(65_536)}\r\nhello\r\n0\r\n\r\n`)),
  aborted("an extension with a bare LF", chunked("5;a\nb\r\nhello\r\n0\r\n\r\n")),
  aborted("100 KB of trailers", chunked(`5\r\nhello\r\n0\r\nX: ${"x".repeat(100_000)}\r\n\r\n`)),
  aborted("a folded trailer", chunked("5\r\nhello\r\n0\r\nX: 1\r\n 2\r\n\r\n")),
  aborted("a trailer with a bare LF", chunked("5\r\nhello\r\n0\r\nX: 1\n\r\n")),

  forwarded("a body with its length", ok(["Content-Length: 2"], "ok"), { body: "ok", has: ["content-length: 2"] }),
  forwarded("an empty body", ok(["Content-Length: 0"]), { has: ["content-length: 0"] }),
  forwarded("length 0005", ok(["Content-Length: 0005"], "hello"), { body: "hello", has: ["content-length: 5"] }),
  forwarded("length padded with spaces", ok(["Content-Length:   5  "], "hello"), { body: "hello" }),
  forwarded("a body that looks like an answer", ok([`Content-Length: ${POISON.length}`], POISON), { body: POISON }),
  forwarded("chunks", chunked(HELLO), { body: "hello" }),
  forwarded("no chunk but the last", chunked("0\r\n\r\n")),
  forwarded("chunk sizes in capitals and with zeros", chunked(`00\x31A\r\n${"x".repeat(26)}\r\n000\r\n\r\n`), {
    body: "x".repeat(26),
  }),
  forwarded("a chunk extension is dropped", chunked('5;a="b"\r\nhello\r\n0;z\r\n\r\n'), { body: "hello" }),
  forwarded("TE Chunked", ok(["transfer-encoding: CHUNKED"], HELLO), { body: "hello" }),
  forwarded("trailers are dropped", chunked("5\r\nhello\r\n0\r\nX-Late: 1\r\n\r\n", "Trailer: X-Late"), {
    body: "hello",
    lacks: ["x-late", "trailer"],
  }),
  forwarded("a body until the close", ok(["X: 1"], "until the end"), {
    body: "until the end",
    closes: true,
    reusable: false,
  }),
  forwarded("an empty body until the close", ok(["X: 1"]), { closes: true, reusable: false }),
  forwarded("HTTP/1.0 with a length", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", {
    body: "ok",
    closes: true,
    reusable: false,
  }),
  forwarded("HTTP/1.0 until the close", "HTTP/1.0 200 OK\r\n\r\nok", { body: "ok", closes: true, reusable: false }),
  forwarded("Connection: close", ok(["Content-Length: 2", "Connection: close"], "ok"), {
    body: "ok",
    closes: true,
    reusable: false,
  }),
  forwarded(
    "Connection: close by a service that does not close",
    ok(["Content-Length: 2", "Connection: close"], "ok"),
    { body: "ok", reusable: false },
  ),
  forwarded("bytes behind the body", ok(["Content-Length: 2"], `ok${POISON}`), { body: "ok", reusable: false }),
  forwarded("one byte behind the body", ok(["Content-Length: 2"], "ok!"), { body: "ok", reusable: false }),
  forwarded("bytes behind the last chunk", chunked(`${HELLO}${POISON}`), { body: "hello", reusable: false }),
  forwarded("bytes behind an answer without a body", answer("204 No Content", []) + POISON, {
    status: 204,
    reusable: false,
  }),
  forwarded("100, then the answer", answer("100 Continue", []) + ok(["Content-Length: 2"], "ok"), { body: "ok" }),
  forwarded("102, then the answer", answer("102 Processing", []) + ok(["Content-Length: 2"], "ok"), { body: "ok" }),
  forwarded(
    "103 with fields, then the answer",
    answer("103 Early Hints", ["Link: </a.css>"]) + ok(["Content-Length: 2"], "ok"),
    { body: "ok", lacks: ["link"] },
  ),
  forwarded(
    "100, 102, 103, then the answer",
    answer("100 Continue", []) +
      answer("102 Processing", []) +
      answer("103 Early Hints", []) +
      ok(["Content-Length: 2"], "ok"),
    { body: "ok" },
  ),
  forwarded("204 with a length", answer("204 No Content", ["Content-Length: 0"]), {
    status: 204,
    lacks: ["content-length", "transfer-encoding"],
  }),
  forwarded("304 with a length", answer("304 Not Modified", ["Content-Length: 5"]), {
    status: 304,
    lacks: ["transfer-encoding"],
  }),
  forwarded("204 with a body", answer("204 No Content", ["Content-Length: 2"], "ok"), {
    status: 204,
    lacks: ["content-length", "transfer-encoding"],
    reusable: false,
  }),
  forwarded("304 with a body", answer("304 Not Modified", ["Content-Length: 2"], "ok"), {
    status: 304,
    reusable: false,
  }),
  forwarded("HEAD with a length", ok(["Content-Length: 5"]), { method: "HEAD", has: ["content-length: 5"] }),
  forwarded("HEAD with chunks announced", chunked(""), { method: "HEAD" }),
  forwarded("HEAD with a body", ok(["Content-Length: 5"], "hello"), { method: "HEAD", reusable: false }),
  forwarded("a status nobody knows", answer("299 Odd", ["Content-Length: 2"], "ok"), { status: 299, body: "ok" }),
  forwarded("status 599", answer("599 Odd", ["Content-Length: 2"], "ok"), { status: 599, body: "ok" }),
  forwarded("no reason", "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok", { body: "ok" }),
  forwarded("an empty reason", answer("200 ", ["Content-Length: 2"], "ok"), { body: "ok" }),
  forwarded("a reason in latin1", answer("200 caf\xe9", ["Content-Length: 2"], "ok"), { body: "ok" }),
  forwarded("a reason in small letters", answer("200 all is well", ["Content-Length: 2"], "ok"), { body: "ok" }),
  forwarded("a value in latin1", ok(["X: caf\xe9", "Content-Length: 2"], "ok"), { body: "ok", has: ["x: caf\xe9"] }),
  forwarded("fields that come twice", ok(["Set-Cookie: a=1", "Set-Cookie: b=2", "Content-Length: 2"], "ok"), {
    body: "ok",
    has: ["set-cookie: a=1", "set-cookie: b=2"],
  }),
  forwarded(
    "what is hop-by-hop, named or not, and what only we may say",
    ok(
      [
        "Content-Length: 2",
        "Connection: X-Int, keep-alive",
        "X-Int: 1",
        "Keep-Alive: timeout=9",
        "Proxy-Authenticate: x",
        "Upgrade: h2c",
        "X-Mesh-Route: fake",
        "X-Request-Id: fake",
      ],
      "ok",
    ),
    {
      body: "ok",
      lacks: [
        "x-int",
        "proxy-authenticate",
        "upgrade",
        "keep-alive: timeout=9",
        "x-mesh-route: fake",
        "x-request-id: fake",
      ],
    },
  ),
];
