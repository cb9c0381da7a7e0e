import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { request } from "undici";
import { bodyOf, exchangeBytes, startRawPeer, until } from "./test-bed/peer.ts";
import { TestMesh } from "./test-bed/test-mesh.ts";

let mesh: TestMesh;
let reached: number;
beforeEach(async () => {
  mesh = await TestMesh.start();
  reached = 0;
  mesh.route("all", { destinations: [{ service: "echo", weight: 1 }], timeoutMs: 10_000 });
  mesh.breaker({ target: { kind: "service", service: "echo" }, settings: { timeoutMs: 5000 } });
});
afterEach(() => mesh.stop());

/** Answers with what arrived: first line, raw fields, body. */
async function echo(): Promise<void> {
  await mesh.serve("echo", (incoming, response) => {
    reached += 1;
    bodyOf(incoming).then(
      (body) =>
        response.end(
          JSON.stringify({
            method: incoming.method,
            url: incoming.url,
            headers: incoming.rawHeaders,
            body: body.toString(),
          }),
        ),
      // The client went away in the middle.
      () => undefined,
    );
  });
}

async function rawInstance(answer: string, after?: "close"): Promise<void> {
  const peer = await startRawPeer((socket) => {
    socket.once("data", () => {
      reached += 1;
      socket.write(answer, "latin1");
      if (after === "close") socket.end();
    });
  });
  mesh.peers.push(peer);
  mesh.register({ service: "echo", id: "raw", port: peer.port });
}

const statusOf = (text: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]);
const send = (bytes: string, ending?: string) => exchangeBytes(mesh.gateway.edgePort, bytes, ending);

describe("requests that could be read in two ways never reach a service", () => {
  it("more than 100 header fields: 431", async () => {
    await echo();
    const fields = (count: number) => Array.from({ length: count }, (_, index) => `X-${index}: 1\r\n`).join("");
    expect(statusOf((await send(`GET / HTTP/1.1\r\nHost: a\r\n${fields(100)}\r\n`)).text)).toBe(431);
    expect(statusOf((await send(`GET / HTTP/1.1\r\nHost: a\r\n${fields(99)}\r\n`, "}")).text)).toBe(200);
  });

  it("a header beyond Node's own count cannot hide the framing", async () => {
    await echo();
    const fields = Array.from({ length: 1500 }, (_, index) => `A${index}:\r\n`).join("");
    const { text } = await send(
      `POST / HTTP/1.1\r\nHost: a\r\n${fields}Content-Length: 44\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\nX-Pad: aaaa\r\n\r\n`,
    );
    expect(statusOf(text)).toBe(431);
    expect(reached).toBe(0);
  });

  it("a broken chunk aborts the request at the service instead of ending it", async () => {
    let how = "";
    await mesh.serve("echo", (incoming) => {
      reached += 1;
      incoming.on("end", () => (how = "ended"));
      incoming.on("close", () => (how ||= "aborted"));
      incoming.resume();
    });
    const socket = connect(mesh.gateway.edgePort, "127.0.0.1").on("error", () => undefined);
    socket.write("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
    await until(() => reached === 1);
    socket.write("ZZ\r\nboom\r\n0\r\n\r\n");
    await until(() => how !== "");
    expect(how).toBe("aborted");
  });
});

describe("a client that resets its connection", () => {
  it("right after CONNECT: the gateway goes on serving", async () => {
    await echo();
    const uncaught: unknown[] = [];
    const note = (error: unknown): void => void uncaught.push(error);
    process.on("uncaughtException", note);
    try {
      for (let index = 0; index < 20; index += 1) {
        const socket = connect(mesh.gateway.edgePort, "127.0.0.1").on("error", () => undefined);
        const gone = new Promise((resolve) => socket.on("close", resolve));
        socket.write("CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", () => socket.resetAndDestroy());
        await gone;
        expect((await request(mesh.edge)).statusCode).toBe(200);
      }
      expect(uncaught).toEqual([]);
    } finally {
      process.off("uncaughtException", note);
    }
  });
});

describe("the admin listener", () => {
  it.each(["//", "http://["])("answers 400 to the target %s, and goes on answering", async (target) => {
    const { text } = await exchangeBytes(
      mesh.gateway.adminPort,
      `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n`,
      '"ok"',
    );
    expect([...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => match[1])).toEqual(["400", "200"]);
    expect(text).toContain("application/problem+json");
    expect((await request(`${mesh.admin}/healthz`)).statusCode).toBe(200);
  });
});

describe("what is forwarded", () => {
  it("one canonical path, the body with its length parsed, our own account of the client, nothing hop-by-hop", async () => {
    await echo();
    const { text } = await send(
      "POST /%7Eann/%c3%a9?q=%2f..%2f HTTP/1.1\r\nHost: a.test\r\nContent-Length: 0005\r\nConnection: X-Hop, keep-alive\r\nX-Hop: 1\r\nKeep-Alive: 5\r\n" +
        "Proxy-Authorization: p\r\nProxy-Connection: c\r\nTE: trailers\r\nX-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: https\r\nForwarded: for=6.6.6.6\r\n" +
        "X-Real-IP: 6.6.6.6\r\nX-Request-Id: mine\r\nX-Mesh-Route: fake\r\nAuthorization: keep\r\nCookie: a=1\r\nCookie: b=2\r\n\r\nhello",
      "}",
    );
    const seen = JSON.parse(text.slice(text.indexOf("{"))) as { url: string; headers: string[]; body: string };
    expect(seen.url).toBe("/~ann/%C3%A9?q=%2f..%2f");
    expect(seen.body).toBe("hello");
    const fields = seen.headers.flatMap((name, index) =>
      index % 2 === 0 ? [`${name.toLowerCase()}: ${seen.headers[index + 1] ?? ""}`] : [],
    );
    const names = fields.map((field) => field.split(":")[0]);
    for (const gone of [
      "x-hop",
      "keep-alive",
      "proxy-authorization",
      "proxy-connection",
      "te",
      "x-real-ip",
      "x-mesh-route",
    ])
      expect(names).not.toContain(gone);
    expect(fields).toEqual(
      expect.arrayContaining([
        "host: a.test",
        "content-length: 5",
        "x-forwarded-for: 127.0.0.1",
        "x-forwarded-proto: http",
        "x-forwarded-host: a.test",
        "forwarded: for=127.0.0.1;host=a.test;proto=http",
        "authorization: keep",
        "cookie: a=1",
        "cookie: b=2",
      ]),
    );
    expect(fields.find((field) => field.startsWith("x-request-id"))).not.toContain("mine");
    expect(new Set(names.filter((name) => name !== "cookie")).size).toBe(
      names.filter((name) => name !== "cookie").length,
    );
  });

  it("absolute-form for the same host, in origin-form", async () => {
    await echo();
    const { text } = await send("GET http://a.test/x?y HTTP/1.1\r\nHost: a.test\r\n\r\n", "}");
    expect(text).toContain('"url":"/x?y"');
  });

  it("a chunked body as a chunked body, without its trailers", async () => {
    await echo();
    const { text } = await send(
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Evil: 1\r\n\r\n",
      "}",
    );
    expect(text).toContain('"body":"hello"');
    expect(text).not.toContain("X-Evil");
  });

  it.each([
    ["plain ones", "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n"],
    ["others", "POST /1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"],
  ])("pipelined requests begin only when the one before is answered (%s)", async (_name, first) => {
    const log: string[] = [];
    await mesh.serve("echo", (incoming, response) => {
      log.push(`${incoming.url} begins`);
      incoming.resume().on("end", () =>
        setImmediate(() => {
          log.push(`${incoming.url} ends`);
          response.end(incoming.url);
        }),
      );
    });
    const { text } = await send(`${first}${first.replace("/1", "/2")}GET /3 HTTP/1.1\r\nHost: a\r\n\r\n`, "\r\n\r\n/3");
    expect(text).toMatch(/\r\n\r\n\/1HTTP[^]*\r\n\r\n\/2HTTP/);
    expect(log).toEqual(["/1 begins", "/1 ends", "/2 begins", "/2 ends", "/3 begins", "/3 ends"]);
  });

  it("a WebSocket asked for ahead of another answer is not opened, and never answered in its place", async () => {
    mesh.route("all", { destinations: [{ service: "echo", weight: 1 }], webSocket: true });
    let asked = 0;
    await mesh.serve("echo", (incoming) => {
      if (incoming.headers.upgrade === undefined) asked += 1;
      else reached += 1;
    });
    const first = "POST /1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    const upgrade =
      "GET /2 HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    const { text, closed } = await send(first + upgrade);
    expect([text, closed, reached]).toEqual(["", true, 0]);
    expect(asked).toBeLessThanOrEqual(1);
  });

  it("100 Continue for a pipelined request comes behind the answer before it", async () => {
    await echo();
    const asks = "POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello";
    const { text } = await send(`POST /1 HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n${asks}`, '"hello"}');
    expect(text).toMatch(/"body":""\}HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
  });

  it("pipelined requests one after another, in order", async () => {
    await echo();
    const { text } = await send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n", '"/2"');
    expect(text.indexOf('"/1"')).toBeGreaterThan(0);
    expect(text.indexOf('"/1"')).toBeLessThan(text.indexOf('"/2"'));
  });

  it("Expect: 100-continue is answered here, and not passed on", async () => {
    await echo();
    const { text } = await send(
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n",
      "100 Continue",
    );
    expect(text).toContain("HTTP/1.1 100 Continue");
    const whole = await send(
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello",
      "}",
    );
    expect(whole.text).toContain('"body":"hello"');
    expect(whole.text.toLowerCase()).not.toContain('"expect"');
    expect(
      statusOf((await send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: tea\r\n\r\nhello")).text),
    ).toBe(417);
  });
});

describe("answers", () => {
  it("strips what is hop-by-hop, and the service's own x-mesh fields; keeps repeated fields apart", async () => {
    await rawInstance(
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: X-Int, keep-alive\r\nX-Int: 1\r\nKeep-Alive: timeout=9\r\nProxy-Authenticate: x\r\nX-Mesh-Route: fake\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\nok",
    );
    const { text } = await send("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "\r\n\r\nok");
    for (const gone of ["X-Int", "timeout=9", "proxy-authenticate", "fake"])
      expect(text.toLowerCase()).not.toContain(gone.toLowerCase());
    expect(text).toContain("set-cookie: a=1\r\nset-cookie: b=2\r\n");
    expect(text).toContain("x-mesh-route: all\r\n");
  });

  it("HEAD, 204 and 304 have no body and keep the connection in step", async () => {
    await mesh.serve("echo", (incoming, response) => {
      const status = Number(incoming.url?.slice(1));
      response
        .writeHead(status, status === 200 ? { "content-length": "7" } : {})
        .end(incoming.method === "HEAD" || status !== 200 ? undefined : "7 bytes");
    });
    const { text } = await send(
      "HEAD /200 HTTP/1.1\r\nHost: a\r\n\r\nGET /204 HTTP/1.1\r\nHost: a\r\n\r\nGET /304 HTTP/1.1\r\nHost: a\r\n\r\nGET /200 HTTP/1.1\r\nHost: a\r\n\r\n",
      "7 bytes",
    );
    expect([...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => match[1])).toEqual(["200", "204", "304", "200"]);
    expect(text.match(/7 bytes/g)).toHaveLength(1);
    const [head = "", empty = ""] = text.split("HTTP/1.1 ").slice(1);
    expect(head).toContain("content-length: 7");
    expect(empty).not.toMatch(/content-length|transfer-encoding/i);
  });

  it("a truncated body breaks the client's connection instead of looking complete", async () => {
    await rawInstance("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this", "close");
    const { text, closed } = await send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    expect(closed).toBe(true);
    expect(text).toContain("content-length: 100");
    await rawInstance("unused");
  });

  it("a chunked body that breaks off is not ended with the last chunk", async () => {
    await rawInstance("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "close");
    const { text, closed } = await send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    expect(closed).toBe(true);
    expect(text).not.toContain("0\r\n\r\n");
  });

  it.each([
    ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok"],
    ["length and chunked", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
    ["TE chunked, gzip", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\nok"],
    ["obs-fold", "HTTP/1.1 200 OK\r\nX: 1\r\n 2\r\nContent-Length: 2\r\n\r\nok"],
    ["garbage", "hello\r\n\r\n"],
    ["an upgrade nobody asked for", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"],
    ["nothing", ""],
  ])("%s: 502", async (_name, bytes) => {
    await rawInstance(bytes, "close");
    const { text } = await send("GET / HTTP/1.1\r\nHost: a\r\n\r\n", '"blame":"upstream"');
    expect(statusOf(text)).toBe(502);
  });

  it("bytes after a body never become somebody else's answer", async () => {
    await rawInstance(
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison",
    );
    for (let index = 0; index < 3; index += 1) {
      const answer = await request(mesh.edge);
      expect(await answer.body.text()).toBe("ok");
    }
  });
});
