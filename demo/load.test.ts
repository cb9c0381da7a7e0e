import { createServer, type Server } from "node:http";
import { afterEach, describe, expect, it, vi } from "vitest";
import { startLoad, type Load } from "./load.ts";

let server: Server | undefined;
let load: Load | undefined;
afterEach(async () => {
  await load?.stop();
  server?.closeAllConnections();
  await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
});

async function serverThat(answer: () => number | null): Promise<{ port: number; hosts: string[] }> {
  const hosts: string[] = [];
  server = createServer((request, response) => {
    const status = answer();
    hosts.push(request.headers.host ?? "");
    request.resume();
    if (status !== null) response.writeHead(status).end("{}");
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return { port: typeof address === "object" && address !== null ? address.port : 0, hosts };
}

describe("the load", () => {
  it("visits the shop by its host and counts what became of each visit", async () => {
    let number = 0;
    const { port, hosts } = await serverThat(() => (number++ % 2 === 0 ? 200 : 503));
    load = startLoad({ host: "127.0.0.1", port }, 100);
    await vi.waitFor(() => expect(load?.counts().failed).toBeGreaterThan(5), 8000);
    expect(load.counts().succeeded).toBeGreaterThan(5);
    expect(new Set(hosts)).toEqual(new Set(["shop.localhost"]));
  });

  it("goes on sending while nobody answers, but leaves out what exceeds the limit in flight", async () => {
    const { port } = await serverThat(() => null);
    load = startLoad({ host: "127.0.0.1", port }, 500);
    await vi.waitFor(() => expect(load?.counts().leftOut).toBeGreaterThan(0), 8000);
    expect(load.counts().inFlight).toBe(100);
  });

  it("sends at the rate that was set, and not at all at 0", async () => {
    const { port } = await serverThat(() => 200);
    load = startLoad({ host: "127.0.0.1", port }, 100);
    load.steady(0);
    await vi.waitFor(() => expect(load?.counts().inFlight).toBe(0), 8000);
    const before = load.counts();
    load.steady(200);
    await vi.waitFor(() => expect(load?.counts().succeeded).toBeGreaterThan(before.succeeded + 20), 8000);
    load.steady(0);
    await vi.waitFor(() => expect(load?.counts().inFlight).toBe(0), 8000);
    const { sent, succeeded, failed, unanswered } = load.counts();
    expect({ answered: succeeded, failed, unanswered }).toEqual({ answered: sent, failed: 0, unanswered: 0 });
  });

  it("survives that nobody listens", async () => {
    const { port } = await serverThat(() => 200);
    server?.close();
    server = undefined;
    load = startLoad({ host: "127.0.0.1", port }, 100);
    await vi.waitFor(() => expect(load?.counts().failed).toBeGreaterThan(3), 8000);
    expect(load.counts().unanswered).toBe(load.counts().failed);
  });
});
