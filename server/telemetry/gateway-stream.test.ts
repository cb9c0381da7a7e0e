import { createServer, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { TrafficWindow } from "#domain/traffic.ts";
import { testReading } from "#domain/test-reading.ts";
import { GatewayStream, type ReadFrom } from "./gateway-stream.ts";
import { testEdge } from "#domain/test-edge.ts";
import { testWindow } from "./test-window.ts";

const server = createServer();
let stream: GatewayStream;
let nowMs = 0;
let responses: ServerResponse[] = [];
let sockets: Socket[] = [];
let from: ReadFrom = { run: null, after: null };

beforeEach(async () => {
  stream = new GatewayStream("run-1", { nowMs: () => 1000, monotonicMs: () => nowMs });
  from = { run: null, after: null };
  server.on("request", (_request, response) => {
    responses.push(response);
    stream.attach(response, from);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  [responses, sockets] = [[], []];
  server.removeAllListeners("request");
  await new Promise((resolve) => server.close(resolve));
});

const window = (sequence: number, padding = 0): TrafficWindow =>
  testWindow("g".repeat(1 + padding), sequence, 0, [], { run: "run-1", startMs: 0 });

/** 24 buckets: latencies over three doublings. */
const manyBuckets = (first: number): [number, number][] =>
  Array.from({ length: 24 }, (_, n): [number, number] => [(first % 100) + n, 40 + n]);

function read(): { socket: Socket; sequences: () => number[]; text: () => string } {
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const socket = connect(port, "127.0.0.1", () => socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  const lines: string[] = [];
  let rest = "";
  socket
    .on("error", () => undefined)
    .on("data", (chunk) => {
      rest += String(chunk);
      if (!rest.includes("\n")) return;
      const complete = rest.split("\n");
      rest = complete.pop() ?? "";
      lines.push(...complete.map((line) => line.slice(0, 200)));
    });
  sockets.push(socket);
  const sequences = (): number[] => lines.flatMap((line) => (line.startsWith("id: ") ? [Number(line.slice(4))] : []));
  return { socket, text: () => lines.join("\n"), sequences };
}

async function until(condition: () => boolean): Promise<void> {
  for (const giveUpAt = performance.now() + 5000; !condition(); await sleep(5))
    if (performance.now() > giveUpAt) throw new Error(`Never: ${condition.toString()}`);
}

it("keeps the last 600 windows and starts a new reader at the oldest", async () => {
  for (let sequence = 1; sequence <= 650; sequence += 1) stream.publish(window(sequence));
  const reader = read();
  await until(() => reader.sequences().length === 600);
  expect(reader.text()).toContain('data: {"run":"run-1","oldest":51,"latest":650,"format":1,"nowMs":1000}');
  expect([reader.sequences()[0], reader.sequences().at(-1)]).toEqual([51, 650]);
  stream.publish(window(651));
  await until(() => reader.sequences().at(-1) === 651);
});

it("resumes after what a reader has seen of this run, and starts over for another run's", async () => {
  for (let sequence = 1; sequence <= 5; sequence += 1) stream.publish(window(sequence));
  from = { run: "run-1", after: 3 };
  const resumed = read();
  await until(() => resumed.sequences().length === 2);
  expect(resumed.sequences()).toEqual([4, 5]);
  from = { run: "run-0", after: 3 };
  const stranger = read();
  await until(() => stranger.sequences().length === 5);
});

it("buffers no more than one window for a reader that stands still, shows it the gap, and cuts it off in the end", async () => {
  const reader = read();
  await until(() => stream.readers === 1);
  reader.socket.pause();
  const size = 1_000_000;
  for (let sequence = 1; sequence <= 200; sequence += 1) {
    stream.publish(window(sequence, size));
    await sleep(1);
  }
  expect(responses[0]?.writableLength).toBeLessThan(2 * size);
  reader.socket.resume();
  await until(() => reader.sequences().at(-1) === 200);
  const seen = reader.sequences();
  expect(seen.length).toBeLessThan(200);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  reader.socket.pause();
  for (let sequence = 201; sequence <= 260; sequence += 1) {
    stream.publish(window(sequence, size));
    await sleep(1);
  }
  nowMs += 31_000;
  stream.publish(window(261));
  await until(() => stream.readers === 0);
}, 30_000);

it("covers a console's restart of a minute also with the largest windows a process makes", () => {
  const breakers = Array.from({ length: 500 }, (_, n) =>
    testReading({
      routeId: `a-route-with-a-name-${n}`,
      service: `service-${n % 50}`,
      latency: manyBuckets(n),
      inFlight: n,
    }),
  );
  const edges = Array.from({ length: 5000 }, (_, n) =>
    testEdge({ instance: `instance-${n}`, counts: { success: 900 + n, timeout: 7 }, latency: manyBuckets(n) }),
  );
  for (const sequence of [1, 2]) stream.publish({ ...window(sequence), edges, breakers });
  const { windows, bytes } = stream.buffer;
  expect(windows).toBe(2);
  expect((64 * 1024 * 1024) / (bytes / windows)).toBeGreaterThan(120);
});

it("lets the oldest windows go when they take more than it has room for, and counts them", () => {
  for (let sequence = 1; sequence <= 80; sequence += 1) stream.publish(window(sequence, 1_000_000));
  const { windows, bytes, evicted } = stream.buffer;
  expect([windows + evicted, bytes <= 64 * 1024 * 1024, windows >= 60]).toEqual([80, true, true]);
});
