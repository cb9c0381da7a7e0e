import { createServer, type Server } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { awaitShop } from "./await-shop.ts";

let server: Server | undefined;
afterEach(() => new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve))));

/** Answers 404 until it was asked so often, then 200. */
async function gatewayThat(refusals: number): Promise<{ port: number; asked: () => number }> {
  let asked = 0;
  server = createServer((_, response) => response.writeHead(asked++ < refusals ? 404 : 200).end("{}"));
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return { port: typeof address === "object" && address !== null ? address.port : 0, asked: () => asked };
}

describe("awaitShop", () => {
  it("asks nothing before the shop is registered, and then until its page is served", async () => {
    const { port, asked } = await gatewayThat(2);
    const { promise: registered, resolve } = Promise.withResolvers<void>();
    const served = awaitShop({ host: "127.0.0.1", port }, registered, 60_000);
    // A question would have arrived by the time that another one was answered.
    await fetch(`http://127.0.0.1:${port.toString()}/`);
    expect(asked()).toBe(1);
    resolve();
    expect(await served).toBe(true);
    expect(asked()).toBe(3);
  });

  it("gives up when nothing is served, or nothing registers", async () => {
    const { port } = await gatewayThat(Number.POSITIVE_INFINITY);
    expect(await awaitShop({ host: "127.0.0.1", port }, Promise.resolve(), 250)).toBe(false);
    expect(await awaitShop({ host: "127.0.0.1", port }, new Promise(() => undefined), 50)).toBe(false);
  });
});
