import { describe, expect, it } from "vitest";
import { REQUEST_CORPUS } from "../test-bed/corpus/request-corpus.ts";
import { RESPONSE_CORPUS } from "../test-bed/corpus/response-corpus.ts";
import { LlhttpServer, llhttpReadsResponse } from "../test-bed/fuzz/llhttp.ts";
import { cut, mutate } from "../test-bed/fuzz/mutate.ts";
import { Random } from "../test-bed/fuzz/random.ts";
import { ChunkedDecoder } from "./chunked-decoder.ts";
import { parsePlainRequest } from "./plain-request.ts";
import { parseResponseHead } from "./response-head.ts";

const SEED = 3;
const TRIES = 4000;
/** So many of them must have been accepted, or nothing was compared. */
const ENOUGH = 200;

const headOf = (bytes: string): string => bytes.slice(0, bytes.indexOf("\r\n\r\n") + 2);

describe("what our parsers accept, Node's parser accepts, and reads the same", () => {
  it("heads of plain requests", async () => {
    const random = new Random(SEED);
    const llhttp = new LlhttpServer();
    const bases = REQUEST_CORPUS.map(({ bytes }) => headOf(bytes)).filter(
      (head) => head.length > 2 && head.length < 600,
    );
    let accepted = 0;
    for (let index = 0; index < TRIES; index += 1) {
      const text = mutate(random.pick(bases) ?? "", random.pick(bases) ?? "", random);
      const request = text.endsWith("\r\n") && !text.includes("\r\n\r\n") ? parsePlainRequest(text) : null;
      if (request === null || request.bodyBytes > 100_000) continue;
      accepted += 1;
      const body = "x".repeat(request.bodyBytes);
      const { requests } = await llhttp.read(`${text}\r\n${body}GET /after HTTP/1.1\r\nHost: a\r\n\r\n`);
      const { method, target, headers: fields } = request.raw;
      expect([text, requests[0]]).toEqual([text, { method, target, fields, body }]);
      expect([text, requests.length]).toEqual([text, request.keepAlive ? 2 : 1]);
    }
    expect(accepted).toBeGreaterThan(ENOUGH);
  });

  it("heads of answers", async () => {
    const random = new Random(SEED);
    const bases = RESPONSE_CORPUS.map(({ bytes }) => headOf(bytes)).filter(
      (head) => head.length > 2 && head.length < 600,
    );
    let accepted = 0;
    for (let index = 0; index < TRIES; index += 1) {
      const text = mutate(random.pick(bases) ?? "", random.pick(bases) ?? "", random);
      const toHead = random.below(4) === 0;
      const head = text.endsWith("\r\n") && !text.includes("\r\n\r\n") ? parseResponseHead(text, toHead) : null;
      if (head === null || head.status < 200 || (head.contentLength ?? 0) > 100_000) continue;
      accepted += 1;
      const body = { none: "", length: "x".repeat(head.contentLength ?? 0), chunked: "x", close: "x" }[head.framing];
      const sent = head.framing === "chunked" ? "1\r\nx\r\n0\r\n\r\n" : body;
      const read = await llhttpReadsResponse(`${text}\r\n${sent}`, toHead ? "HEAD" : "GET", head.framing === "close");
      expect([text, read]).toEqual([text, { status: head.status, fields: head.headers, body }]);
    }
    expect(accepted).toBeGreaterThan(ENOUGH);
  });

  it("bodies in chunks, in whatever pieces they come", async () => {
    const random = new Random(SEED);
    const llhttp = new LlhttpServer();
    const head = "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    const bases = REQUEST_CORPUS.map(({ bytes }) => bytes)
      .filter((bytes) => bytes.includes("Transfer-Encoding: chunked") && bytes.length < 600)
      .map((bytes) => bytes.slice(bytes.indexOf("\r\n\r\n") + 4));
    let accepted = 0;
    for (let index = 0; index < TRIES; index += 1) {
      const text = mutate(random.pick(bases) ?? "", random.pick(bases) ?? "", random);
      const decoder = new ChunkedDecoder();
      let body = "";
      let used = 0;
      for (const piece of cut(text, random)) {
        const bytes = Buffer.from(piece, "latin1");
        const end = decoder.read(bytes, 0, (data) => (body += data.toString("latin1")));
        used = end === -1 ? -1 : used + end;
        if (end === -1 || decoder.done) break;
      }
      if (used === -1 || !decoder.done) continue;
      accepted += 1;
      const { requests } = await llhttp.read(head + text.slice(0, used));
      expect([text, requests.map((request) => request.body)]).toEqual([text, [body]]);
    }
    expect(accepted).toBeGreaterThan(ENOUGH);
  });
});
