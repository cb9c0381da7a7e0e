import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { BenchCase } from "../harness.ts";
import type { Running } from "./lab.ts";
import { smallPath } from "./paths.ts";
import { readProcessTable, residentOfTree } from "./process-table.ts";

export const IDLE_CASE = "1000 idle connections";
const CONNECTIONS = 2000;
/** Enough for a fresh process to have grown what every process needs. */
const REQUESTS_BEFORE = 5000;
const SETTLE_MS = 1500;

/** What connections that have each had one answer cost while they are silent. The proxies must be fresh. */
export async function idleMemory(proxies: readonly Running[]): Promise<BenchCase> {
  const { ours = Number.NaN, ...peers } = Object.fromEntries(
    await Promise.all(proxies.map(async (proxy) => [proxy.name, await megabytesPerThousand(proxy)] as const)),
  );
  return { name: IDLE_CASE, ours, peers, unit: "MB", better: "lower", eachPeer: true };
}

async function megabytesPerThousand({ pid, port }: Running): Promise<number> {
  const first = await openConnection(port);
  for (let count = 0; count < REQUESTS_BEFORE; count += 1) await ask(first, port);
  const before = await settledResident(pid);
  const sockets: Socket[] = [];
  for (let count = 0; count < CONNECTIONS; count += 1) {
    const socket = await openConnection(port);
    sockets.push(socket);
    await ask(socket, port);
  }
  const after = await settledResident(pid);
  for (const socket of [first, ...sockets]) socket.destroy();
  // A page is the least that can be told apart from nothing.
  return Math.max(4096, after - before) / 1e6 / (CONNECTIONS / 1000);
}

async function settledResident(pid: number): Promise<number> {
  await sleep(SETTLE_MS);
  return residentOfTree(readProcessTable(), pid);
}

async function openConnection(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  return socket;
}

/** Answers have no body: the end of the head is the end. */
function ask(socket: Socket, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let received = "";
    const read = (bytes: Buffer): void => {
      received += bytes.toString("latin1");
      if (!received.endsWith("\r\n\r\n")) return;
      socket.off("data", read).off("error", reject);
      if (received.startsWith("HTTP/1.1 200")) resolve();
      else reject(new Error(`Port ${port} answered ${received}.`));
    };
    socket.on("data", read).on("error", reject);
    socket.write(`GET ${smallPath()} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`);
  });
}
