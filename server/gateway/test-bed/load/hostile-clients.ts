import type { IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import type { Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { until } from "../peer.ts";
import { routeEverythingTo } from "../corpus/trial-mesh.ts";
import { TestMesh } from "../test-mesh.ts";
import { keepAsking } from "./asker.ts";

const CHUNK = Buffer.alloc(64 * 1024, "x");

/** Writes for ever, as fast as the other side reads. */
export function pourInto(socket: Writable): void {
  const more = (): void => {
    while (!socket.destroyed && socket.write(CHUNK));
  };
  socket.on("drain", more);
  more();
}

async function connected(port: number, bytes: string): Promise<Socket> {
  const socket = connect(port, "127.0.0.1").on("error", () => undefined);
  await new Promise((resolve) => socket.once("connect", resolve));
  socket.write(bytes);
  return socket;
}

interface Hostile {
  readonly mesh: TestMesh;
  /** Calls the service is busy with. */
  readonly open: () => number;
  /** Lets the service read again: without reading it does not notice that a connection is gone. */
  readonly release: () => void;
}

/** A gateway, and a service that gives without end (`/pour`), takes nothing (`/stall`), or answers. */
async function startMesh(): Promise<Hostile> {
  const mesh = await TestMesh.start({ drainMs: 100 });
  let open = 0;
  const unread: IncomingMessage[] = [];
  await mesh.serve("service", (request, response) => {
    open += 1;
    response.on("close", () => (open -= 1));
    if (request.url === "/pour") {
      response.writeHead(200, { "content-length": String(1024 ** 4) });
      response.on("error", () => undefined);
      pourInto(response);
    } else if (request.url === "/stall") unread.push(request);
    else response.end("ok");
  });
  routeEverythingTo(mesh, "service");
  return { mesh, open: () => open, release: () => unread.forEach((request) => request.resume()) };
}

const GET = "GET /pour HTTP/1.1\r\nHost: a.test\r\n\r\n";
const POST = "POST /stall HTTP/1.1\r\nHost: a.test\r\nContent-Length: 1099511627776\r\n\r\n";
const CHUNKED = "POST /stall HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n40000000\r\n";

/** So that what is measured is what is held, not what nobody has swept up yet. */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc()");
}

export interface Memory {
  /** Growth of the process, gateway, service and clients together, bytes. */
  readonly rss: number;
  /** Of what is held outside V8's heap: above all, bytes on their way. */
  readonly buffers: number;
}

/** Clients that take nothing of endless answers, and clients with endless bodies for a service that reads nothing. */
export async function stalledClients(count: number, settleMs: number): Promise<Memory> {
  const { mesh, open, release } = await startMesh();
  const { edgePort } = mesh.gateway;
  const sockets: Socket[] = [];
  const read = (): Memory => {
    collectGarbage();
    const { rss, external } = process.memoryUsage();
    return { rss, buffers: external };
  };
  // What a connection costs without a body is no part of the question.
  for (let index = 0; index < count; index += 1) sockets.push(await connected(edgePort, ""));
  const before = read();
  for (const [index, socket] of sockets.entries()) {
    if (index % 2 === 0) {
      socket.pause();
      socket.write(GET);
    } else {
      socket.write(index % 4 === 1 ? POST : CHUNKED);
      pourInto(socket);
    }
  }
  await until(() => open() === count, 20_000);
  await sleep(settleMs);
  const after = read();
  for (const socket of sockets) socket.destroy();
  release();
  await until(() => open() === 0, 20_000);
  await mesh.stop();
  return { rss: after.rss - before.rss, buffers: after.buffers - before.buffers };
}

export interface Recovery {
  /** Requests a second before the clients vanished, and in the best second of the five after it. */
  readonly before: number;
  readonly after: number;
  readonly failures: readonly string[];
  /** Calls the service was still busy with at the end. */
  readonly stuck: number;
}

/** Clients vanish in the middle of bodies, theirs or the service's; others ask before and after. */
export async function vanishingClients(count: number, sliceMs: number): Promise<Recovery> {
  const { mesh, open, release } = await startMesh();
  const { edgePort } = mesh.gateway;
  const failures: string[] = [];
  const throughput = async (): Promise<number> => {
    const endsAt = performance.now() + sliceMs;
    const tally = await keepAsking({
      ports: () => [edgePort],
      clients: 16,
      goesOn: () => performance.now() < endsAt,
      target: () => "/",
      check: () => null,
    });
    failures.push(...tally.failures);
    return (tally.answered * 1000) / sliceMs;
  };
  await throughput();
  const before = await throughput();
  const sockets = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const socket = await connected(edgePort, [GET, POST, CHUNKED][index % 3] ?? GET);
      if (index % 3 === 0) socket.pause();
      else socket.write(CHUNK);
      return socket;
    }),
  );
  await until(() => open() === count, 20_000);
  for (const [index, socket] of sockets.entries()) {
    if (index % 2 === 0) socket.resetAndDestroy();
    else socket.destroy();
  }
  let after = 0;
  for (const endsAt = performance.now() + Math.max(5000, sliceMs); ;) {
    after = Math.max(after, await throughput());
    if (after >= before * 0.95 || performance.now() > endsAt) break;
  }
  release();
  const stuck = await until(() => open() === 0).then(
    () => 0,
    () => open(),
  );
  await mesh.stop();
  return { before, after, failures, stuck };
}
