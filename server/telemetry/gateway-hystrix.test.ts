import { createServer, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { messagesOf, roundProblems } from "#domain/test-hystrix.ts";
import { testReading } from "#domain/test-reading.ts";
import type { BreakerReading, TrafficWindow } from "#domain/traffic.ts";
import { systemClock } from "#platform/clock.ts";
import { GatewayHystrix } from "./gateway-hystrix.ts";

const server = createServer();
let stream: GatewayHystrix;
let sockets: Socket[] = [];
let responses: ServerResponse[] = [];
/** Beyond the real clock, ms. */
let aheadMs = 0;

beforeEach(async () => {
  aheadMs = 0;
  stream = new GatewayHystrix({ ...systemClock, monotonicMs: () => performance.now() + aheadMs });
  server.on("request", (request, response) => {
    const delay = new URL(request.url ?? "/", "http://a").searchParams.get("delay");
    responses.push(response);
    stream.attach(response, { delay, bodyless: request.method === "HEAD" });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  [sockets, responses] = [[], []];
  await stream.stop();
  server.removeAllListeners("request");
  await new Promise((resolve) => server.close(resolve));
});

const window = (breakers: BreakerReading[]): TrafficWindow => ({
  sequence: 1,
  run: "run",
  gatewayId: "gw",
  startMs: 0,
  endMs: 1000,
  edges: [],
  breakers,
  transitions: [],
  ejections: [],
  instances: [],
  unrouted: 0,
  dropped: 0,
});

interface Reader {
  readonly socket: Socket;
  text(): string;
  pings(): number;
  closed(): boolean;
}

function ask(target = "/", method = "GET"): Reader {
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const socket = connect(port, "127.0.0.1", () => socket.write(`${method} ${target} HTTP/1.0\r\nHost: a\r\n\r\n`));
  let text = "";
  let closed = false;
  socket
    .on("error", () => undefined)
    .on("close", () => (closed = true))
    .on("data", (chunk) => (text += String(chunk)));
  sockets.push(socket);
  return { socket, text: () => text, pings: () => text.split("\nping: \n\n").length - 1, closed: () => closed };
}

async function until(condition: () => boolean): Promise<void> {
  for (const giveUpAt = performance.now() + 5000; !condition(); await sleep(5))
    if (performance.now() > giveUpAt) throw new Error(`Never: ${condition.toString()}`);
}

describe("hystrix.stream", () => {
  it("sends a round at once and again and again, each followed by a ping", async () => {
    stream.take(window([testReading({}), testReading({ service: "stock" })]));
    const reader = ask();
    await until(() => reader.pings() >= 2);
    expect(reader.text()).toContain("content-type: text/event-stream;charset=UTF-8");
    expect(reader.text()).toContain(
      "cache-control: no-cache, no-store, max-age=0, must-revalidate\r\npragma: no-cache",
    );
    const [, body = ""] = reader.text().split("\r\n\r\n");
    const [first = "", second = ""] = body.split("ping: \n\n");
    for (const round of [first, second]) {
      expect(messagesOf(round)).toHaveLength(4);
      expect(roundProblems(messagesOf(round), Date.now())).toEqual([]);
    }
    const times = messagesOf(body).map(({ currentTime }) => Number(currentTime));
    expect(times.at(-1)).toBeGreaterThan(times[0] ?? 0);
  });

  it("pings when there is nothing to tell, as often as the client wants, but not more than ten times a second", async () => {
    const [quick, slow] = [ask("/?delay=1"), ask("/?delay=60000")];
    await until(() => quick.text().includes("ping: \n\nping: \n\nping: \n\n"));
    expect(slow.text().match(/ping/g)).toHaveLength(1);
    const quicker = ask("/?delay=100");
    await until(() => quicker.pings() > 0);
    expect(stream.clients).toBe(3);
  });

  it("refuses the sixth client in Hystrix's words, and takes another once one has left", async () => {
    const readers = Array.from({ length: 5 }, () => ask());
    await until(() => readers.every((reader) => reader.text().includes("ping")));
    const sixth = ask();
    await until(() => sixth.closed());
    expect(sixth.text()).toMatch(/^HTTP\/1.1 503 .*MaxConcurrentConnections reached: 5$/s);
    readers[0]?.socket.destroy();
    await until(() => stream.clients === 4);
    const seventh = ask();
    await until(() => seventh.text().includes("200 OK"));
  });

  it("answers HEAD with the head alone, and keeps no place for it", async () => {
    const reader = ask("/", "HEAD");
    await until(() => reader.closed());
    expect(reader.text()).toMatch(/^HTTP\/1.1 200 .*text\/event-stream.*\r\n\r\n$/s);
    expect(stream.clients).toBe(0);
  });

  it("ends every stream when it is stopped, and says so to who comes later", async () => {
    const reader = ask();
    await until(() => reader.text().includes("ping"));
    await stream.stop();
    await until(() => reader.closed());
    const late = ask();
    await until(() => late.closed());
    expect(late.text()).toMatch(/^HTTP\/1.1 503 .*Service has been shut down\.$/s);
  });

  it("keeps nothing for a client that does not read, and cuts it off at last", async () => {
    const many = Array.from({ length: 200 }, (_, at) => testReading({ routeId: "x".repeat(9000), service: `s${at}` }));
    stream.take(window(many));
    const stalled = ask("/?delay=100");
    stalled.socket.pause();
    await until(() => (responses[0]?.writableLength ?? 0) > 0);
    const held = responses[0]?.writableLength;
    const other = ask("/?delay=100");
    await until(() => other.pings() >= 4);
    expect(responses[0]?.writableLength).toBe(held);
    aheadMs = 31_000;
    await until(() => stream.clients === 1);
  });
});
