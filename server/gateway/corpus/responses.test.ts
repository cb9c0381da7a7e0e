import { connect } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { until } from "../test-bed/peer.ts";
import { RESPONSE_CORPUS } from "../test-bed/corpus/response-corpus.ts";
import { ResponseBench, tryResponse } from "../test-bed/corpus/response-trial.ts";
import { to } from "../test-bed/corpus/request-case.ts";
import { converse, readAnswers, turn } from "../test-bed/wire.ts";

let bench: ResponseBench;
beforeAll(async () => {
  bench = await ResponseBench.start();
});
afterAll(() => bench.stop());
beforeEach(() => {
  bench.arrivals.length = 0;
  bench.script = { pieces: [], closes: false };
});

const POISON = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison";
const next = () => converse(bench.port, [to("/next")], { enough: (text) => text.endsWith("next") });

/** In the soak they are cut at every byte. */
const CUTS = 12;

describe.each(["refused", "aborted", "forwarded"] as const)("%s: whole and in pieces", (kind) => {
  const cases = RESPONSE_CORPUS.filter(({ expected }) => expected.kind === kind);

  it.each(cases)("$name", async (one) => {
    expect(await tryResponse(bench, one, CUTS)).toEqual([]);
  });
});

describe("an answer nobody asked for, on an idle connection", () => {
  it.each([POISON, "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 408 Request Timeout\r\n\r\n", "x", "\r\n"])(
    "%j reaches no later request",
    async (bytes) => {
      await next();
      const idle = bench.sockets[bench.arrivals[0]?.connection ?? 0];
      idle?.write(bytes);
      await turn();
      await turn();
      const { text } = await next();
      expect(text).toMatch(/^HTTP\/1\.1 200 [^]*\r\n\r\nnext$/);
      expect(bench.arrivals).toHaveLength(2);
      expect(bench.arrivals[1]?.connection).not.toBe(bench.arrivals[0]?.connection);
    },
  );

  it("reaches no later request when both wait for a gateway that is busy for 300 ms", async () => {
    await next();
    const client = connect(bench.port, "127.0.0.1").setEncoding("latin1");
    let text = "";
    client.on("data", (chunk) => (text += String(chunk)));
    await new Promise((resolve) => client.once("connect", resolve));
    for (let index = 0; index < 3; index += 1) await turn();
    bench.sockets[bench.arrivals[0]?.connection ?? 0]?.write(POISON);
    client.write(to("/next"));
    for (const busyUntil = performance.now() + 300; performance.now() < busyUntil;);
    await until(() => text.includes("\r\n\r\n"));
    await until(() => text.endsWith("next") || text.endsWith("poison"));
    expect(text).toMatch(/\r\n\r\nnext$/);
    client.destroy();
  });
});

describe("an answer that comes before the request's body is read", () => {
  it("is passed on, and the connection to the service is not used again", async () => {
    bench.script = { pieces: ["HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"], closes: false };
    const asked = "POST /early HTTP/1.1\r\nHost: a.test\r\nContent-Length: 1000000\r\n\r\nthe first of a million bytes";
    const { text } = await converse(bench.port, [asked], { enough: (seen) => seen.endsWith("\r\n\r\nno") });
    expect(text).toMatch(/^HTTP\/1\.1 403 /);
    await next();
    expect(bench.arrivals.map(({ target }) => target)).toEqual(["/early", "/next"]);
    expect(bench.arrivals[1]?.connection).not.toBe(bench.arrivals[0]?.connection);
  });

  it("ends the client's connection, on which nobody can tell where the next request begins", async () => {
    bench.script = { pieces: ["HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"], closes: false };
    const asked = "POST /early HTTP/1.1\r\nHost: a.test\r\nContent-Length: 1000000\r\n\r\n";
    const { text, end } = await converse(bench.port, [asked, to("/next")]);
    expect(["closed", "reset"]).toContain(end);
    expect(readAnswers(text, ["POST", "GET"], true).answers.length).toBeLessThan(2);
  });
});

describe("a connection that was kept and is closed without an answer", () => {
  const asked = async (bytes: string): Promise<string> => {
    await next();
    bench.arrivals.length = 0;
    bench.script = { pieces: [""], closes: true };
    return (await converse(bench.port, [bytes], { enough: (text) => text.endsWith("}") })).text;
  };

  it("may have done what it was asked: that is not asked again", async () => {
    const text = await asked("POST /once HTTP/1.1\r\nHost: a.test\r\nContent-Length: 2\r\n\r\nok");
    expect(text).toMatch(/^HTTP\/1\.1 502 /);
    expect(bench.arrivals.map(({ target }) => target)).toEqual(["/once"]);
    expect(await asked("DELETE /once HTTP/1.1\r\nHost: a.test\r\n\r\n")).toMatch(/^HTTP\/1\.1 502 /);
    expect(bench.arrivals.map(({ target }) => target)).toEqual(["/once"]);
  });

  it("may have been closed before: what asks for nothing to be done is asked once more, on a new one", async () => {
    expect(await asked("GET /safe HTTP/1.1\r\nHost: a.test\r\n\r\n")).toMatch(/^HTTP\/1\.1 502 /);
    expect(bench.arrivals.map(({ target }) => target)).toEqual(["/safe", "/safe"]);
    expect(new Set(bench.arrivals.map(({ connection }) => connection)).size).toBe(2);
  });
});

describe("to a client of HTTP/1.0, for whom the close is the end of a body", () => {
  it.each([
    ["chunks without a last one", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"],
    ["a short body", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"],
  ])("%s does not look complete", async (_name, bytes) => {
    bench.script = { pieces: [bytes], closes: true };
    const { text, end } = await converse(bench.port, ["GET /case HTTP/1.0\r\nHost: a.test\r\n\r\n"]);
    const [answer] = readAnswers(text, ["GET"], end === "closed").answers;
    expect(end === "reset" || answer?.complete === false || answer?.status === 502).toBe(true);
  });

  it("a whole body has no chunks, and ends with the connection", async () => {
    bench.script = {
      pieces: ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"],
      closes: false,
    };
    const { text, end } = await converse(bench.port, ["GET /case HTTP/1.0\r\nHost: a.test\r\n\r\n"]);
    expect(end).toBe("closed");
    expect(text).not.toMatch(/transfer-encoding/i);
    expect(text).toMatch(/\r\n\r\nhello$/);
  });
});
