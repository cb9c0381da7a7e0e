import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { request } from "undici";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RouteDraft } from "#domain/route.ts";
import { bodyOf, until, type PeerHandler } from "../test-bed/peer.ts";
import { TestMesh } from "../test-bed/test-mesh.ts";

interface Copy {
  readonly method: string | undefined;
  readonly target: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

let mesh: TestMesh;
let copies: Copy[];
let chance: number;
/** How the shadow answers. */
let shadow: PeerHandler;

beforeEach(async () => {
  copies = [];
  chance = 0.5;
  shadow = (_incoming, response) => response.writeHead(500, { "x-from": "shadow" }).end("shadow");
  mesh = await TestMesh.start({ random: () => chance });
  await mesh.serve(
    "shop",
    (incoming, response) => void bodyOf(incoming).then((body) => response.end(`shop ${body.length}`)),
  );
  await mesh.serve(
    "shadow",
    (incoming, response) => {
      const { method, url: target, headers } = incoming;
      void bodyOf(incoming).then((body) => {
        copies.push({ method, target, headers, body: body.toString() });
        shadow(incoming, response);
      });
    },
    { id: "shadow-1", metadata: { version: "2" } },
  );
});
afterEach(() => mesh.stop());

function route(percent = 100, extra: Partial<RouteDraft> = {}): void {
  mesh.route("shop", {
    destinations: [{ service: "shop", weight: 1 }],
    mirror: { service: "shadow", percent, labels: { version: "2" } },
    ...extra,
  });
}

async function call(options: Parameters<typeof request>[1] = {}, path = "/") {
  const answer = await request(mesh.edge + path, options);
  return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
}

async function counted(outcome: string): Promise<number> {
  const { body } = await request(`${mesh.admin}/metrics`);
  const line = new RegExp(`^meshkeeper_mirrored_total{route="shop",outcome="${outcome}"} (\\d+)$`, "m");
  return Number(line.exec(await body.text())?.[1] ?? 0);
}

describe("a copy", () => {
  it("is sent as the request is, marked, and its answer is nobody's", async () => {
    route(100, {
      matches: [{ path: { kind: "prefix", value: "/api" } }],
      rewritePath: { kind: "prefix", value: "/v2" },
      requestHeaders: { set: [{ name: "x-to", value: "{service}/{instance}" }] },
    });
    const answer = await call(
      { method: "POST", body: "hello", headers: { host: "shop.test", "x-mine": "1" } },
      "/api/x?y=1",
    );
    expect(answer).toMatchObject({ status: 200, text: "shop 5", headers: { "x-mesh-service": "shop" } });
    expect(answer.headers["x-from"]).toBeUndefined();
    const [copy] = await until(() => (copies.length > 0 ? copies : null));
    expect(copy).toMatchObject({ method: "POST", target: "/v2/x?y=1", body: "hello" });
    expect(copy?.headers).toMatchObject({
      host: "shop.test",
      "x-mine": "1",
      "x-mesh-mirror": "true",
      "x-to": "shadow/shadow-1",
      "x-request-id": answer.headers["x-request-id"],
    });
    await until(async () => (await counted("answered")) === 1);
  });

  it("is made of the share of requests that was asked for", async () => {
    route(10);
    chance = 0.1;
    await call();
    chance = 0.099;
    await call({}, "/copied");
    await until(() => copies.length > 0);
    expect(copies.map(({ target }) => target)).toEqual(["/copied"]);
  });

  it("is not waited for: the caller has its answer while the shadow says nothing", async () => {
    const waiting: (() => void)[] = [];
    shadow = (_incoming, response) => waiting.push(() => response.end());
    route();
    expect(await call()).toMatchObject({ status: 200, text: "shop 0" });
    await until(() => waiting.length > 0);
    expect(await counted("answered")).toBe(0);
    for (const answer of waiting) answer();
    await until(async () => (await counted("answered")) === 1);
  });

  it("that fails, in whatever way, is counted, and the caller does not notice", async () => {
    route();
    shadow = (incoming) => incoming.socket.destroy();
    expect(await call()).toMatchObject({ status: 200 });
    await until(async () => (await counted("failed")) === 1);
    mesh.deregister("shadow-1");
    mesh.register({ service: "shadow", id: "closed", port: 1, metadata: { version: "2" } });
    expect(await call()).toMatchObject({ status: 200 });
    await until(async () => (await counted("failed")) === 2);
    mesh.deregister("closed");
    expect(await call()).toMatchObject({ status: 200 });
    expect(await counted("skipped")).toBe(1);
  });

  it("has its answer cut off when that is long", async () => {
    let closed = false;
    shadow = (_incoming, response) => {
      response.on("close", () => (closed = true));
      const chunk = Buffer.alloc(64 * 1024);
      const more = (): void => {
        if (!closed) response.write(chunk, more);
      };
      more();
    };
    route();
    await call();
    await until(() => closed);
    await until(async () => (await counted("answered")) === 1);
  });

  it("of a request with a long body, or one of unknown length, is not made, and that is counted", async () => {
    route();
    const long = Buffer.alloc(64 * 1024 + 1);
    expect(await call({ method: "POST", body: long })).toMatchObject({ text: `shop ${long.length}` });
    async function* pieces(): AsyncGenerator<string> {
      yield "of unknown ";
      yield "length";
    }
    expect(await call({ method: "POST", body: Readable.from(pieces()) })).toMatchObject({ text: "shop 17" });
    expect([await counted("skipped"), copies.length]).toEqual([2, 0]);
  });

  it("finds no place when too many wait for their answers, and the caller does not notice", async () => {
    shadow = () => undefined;
    route();
    const answers = await Promise.all(Array.from({ length: 140 }, () => call()));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(await counted("skipped")).toBe(12);
  });
});
