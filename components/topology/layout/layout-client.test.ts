import { Worker } from "node:worker_threads";
import { afterEach, describe, expect, it } from "vitest";
import { layoutClient, type LayoutClient, type LayoutOutcome, type LayoutWorker } from "./layout-client.ts";
import { layoutGraph } from "./layout-graph.ts";
import type { LayoutRequest } from "./layout-types.ts";

/** A Web Worker's side of a thread of Node, which then runs the worker's own module. */
const WEB_WORKER = `
  const { parentPort, workerData } = require("node:worker_threads");
  globalThis.self = {
    postMessage: (message, { transfer }) => parentPort.postMessage(message, transfer),
    addEventListener: (type, listener) => parentPort.on(type, (data) => listener({ data })),
  };
  import(workerData);
`;

const threads: Worker[] = [];
const clients: LayoutClient[] = [];

function startThread(module: string): LayoutWorker {
  const thread = new Worker(WEB_WORKER, { eval: true, workerData: new URL(module, import.meta.url).href });
  threads.push(thread);
  return {
    postMessage: (question, transfer) =>
      thread.postMessage(
        question,
        transfer.filter((one) => one instanceof ArrayBuffer),
      ),
    addEventListener: (type: "message" | "error", listener: (event: MessageEvent) => void) => {
      thread.on(type, (data: unknown) => listener(new MessageEvent(type, { data })));
    },
    terminate: () => void thread.terminate(),
  };
}

function clientOf(startWorker: () => LayoutWorker): LayoutClient {
  const client = layoutClient(startWorker);
  clients.push(client);
  return client;
}

afterEach(async () => {
  for (const client of clients.splice(0)) client.stop();
  await Promise.all(threads.splice(0).map(async (thread) => await thread.terminate()));
});

/** A chain of so many services. */
function chain(length: number, previous: LayoutRequest["previous"] = null): LayoutRequest {
  const ids = Array.from({ length }, (_, which) => `s${which.toString()}`);
  return {
    nodes: ids.map((id) => ({ id, width: 184, height: 76, parent: null })),
    edges: ids.slice(1).map((to, which) => ({ id: to, from: ids[which] ?? to, to })),
    pins: new Map(),
    previous,
  };
}

const asked = async (client: LayoutClient, request: LayoutRequest): Promise<LayoutOutcome> =>
  await new Promise((resolve) => client.ask(request, resolve));

describe("a layout asked of the worker", () => {
  it("is the one that the request has", async () => {
    const client = clientOf(() => startThread("./layout-worker.ts"));
    const first = layoutGraph(chain(5));
    expect(await asked(client, chain(5))).toEqual({ layout: first });
    expect(await asked(client, chain(8, first))).toEqual({ layout: layoutGraph(chain(8, first)) });
  });

  it("is only given for the latest request", async () => {
    const client = clientOf(() => startThread("./layout-worker.ts"));
    const answered: number[] = [];
    client.ask(chain(3), () => answered.push(3));
    client.ask(chain(4), () => answered.push(4));
    expect(await asked(client, chain(6))).toEqual({ layout: layoutGraph(chain(6)) });
    expect(answered).toEqual([]);
  });
});

describe("without a worker", () => {
  it("the page lays out by itself when none can be started", async () => {
    const client = clientOf(() => {
      throw new Error("Refused by policy.");
    });
    const answered: number[] = [];
    client.ask(chain(3), () => answered.push(3));
    expect(await asked(client, chain(5))).toEqual({ layout: layoutGraph(chain(5)) });
    expect(answered).toEqual([]);
  });

  it("the page lays out by itself when the worker breaks down", async () => {
    const client = clientOf(() => startThread("./no-such-worker.ts"));
    expect(await asked(client, chain(5))).toEqual({ layout: layoutGraph(chain(5)) });
    expect(await asked(client, chain(6))).toEqual({ layout: layoutGraph(chain(6)) });
  });
});
