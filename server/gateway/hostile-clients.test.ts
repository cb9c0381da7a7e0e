import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { routeEverythingTo } from "./test-bed/corpus/trial-mesh.ts";
import { pourInto, stalledClients, vanishingClients } from "./test-bed/load/hostile-clients.ts";
import { bodyOf, until } from "./test-bed/peer.ts";
import { TestMesh } from "./test-bed/test-mesh.ts";

describe("clients that take their time", () => {
  let mesh: TestMesh;
  let pouring = 0;
  beforeAll(async () => {
    mesh = await TestMesh.start({
      timeouts: { headersMs: 300, requestMs: 600, keepAliveMs: 300, writeStallMs: 300 },
    });
    await mesh.serve("service", (incoming, response) => {
      if (incoming.url === "/some") return void response.end(Buffer.alloc(60_000));
      if (incoming.url !== "/pour")
        return void bodyOf(incoming).then(
          () => response.end("ok"),
          () => undefined,
        );
      pouring += 1;
      response.on("error", () => undefined).on("close", () => (pouring -= 1));
      pourInto(response);
    });
    routeEverythingTo(mesh, "service");
  });
  afterAll(() => mesh.stop());

  /** Sends bytes, then drips one more every now and then; resolves when it is cut off, with what it got. */
  function drip(bytes: string, drop: string): Promise<string> {
    return new Promise((resolve) => {
      let text = "";
      const socket: Socket = connect(mesh.gateway.edgePort, "127.0.0.1").setEncoding("latin1");
      socket.write(bytes);
      const dripping = drop === "" ? undefined : setInterval(() => socket.writable && socket.write(drop), 40);
      socket.on("data", (chunk) => (text += String(chunk)));
      socket.on("error", () => undefined);
      socket.on("close", () => {
        clearInterval(dripping);
        resolve(text);
      });
    });
  }

  it.each([
    ["says nothing", "", ""],
    ["drips its head", "GET / HTTP/1.1\r\nHost: a\r\nX: ", "x"],
    ["drips a head that is not plain", "GET / HTTP/1.1\r\nHost: a\r\nX: \xe9", "x"],
    ["stops in the middle of its head", "GET / HTTP/1.1\r\nHo", ""],
    ["sends line ends for ever", "\r\n", "\r\n"],
    ["drips its body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000\r\n\r\n", "x"],
    ["drips its chunks", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n"],
    ["stops in the middle of its body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000\r\n\r\nx", ""],
  ])("one that %s is cut off", async (_name, bytes, drop) => {
    expect(await drip(bytes, drop)).not.toContain(" 200 ");
  });

  it.each([
    ["plain", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"],
    ["chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
  ])("one that asks for nothing more is let go (%s)", async (_name, bytes) => {
    expect(await drip(bytes, "")).toMatch(/^HTTP\/1\.1 200 [^]*ok$/);
  });

  it.each([
    ["plain", "GET /pour HTTP/1.1\r\nHost: a\r\n\r\n"],
    ["with Expect", "GET /pour HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n"],
    ["HTTP/1.0", "GET /pour HTTP/1.0\r\nHost: a\r\n\r\n"],
  ])("one that does not read its answer is cut off, and the service with it (%s)", async (_name, bytes) => {
    const socket = connect(mesh.gateway.edgePort, "127.0.0.1").on("error", () => undefined);
    socket.pause().write(bytes);
    await until(() => pouring === 1);
    await until(() => pouring === 0);
    socket.destroy();
  });

  it("one that asks ahead and reads none of its answers is cut off, however little is left to send", async () => {
    const socket = connect(mesh.gateway.edgePort, "127.0.0.1").on("error", () => undefined);
    const closed = new Promise((resolve) => socket.on("close", resolve));
    socket.pause().write("GET /some HTTP/1.1\r\nHost: a\r\n\r\n".repeat(400));
    const inFlight = async (): Promise<boolean> =>
      (await (await fetch(`${mesh.admin}/metrics`)).text()).includes("meshkeeper_requests_in_flight 0\n");
    await until(async () => !(await inFlight()));
    await until(inFlight);
    socket.resume();
    await closed;
  });
});

/** What a connection may hold in all its buffers, at both ends and in the gateway, bytes. */
const PER_CONNECTION = 512 * 1024;

it("100 stalled clients with endless bodies do not grow memory", { timeout: 30_000 }, async () => {
  const { buffers, rss } = await stalledClients(100, 500);
  expect(buffers).toBeLessThan(100 * PER_CONNECTION);
  expect(rss).toBeLessThan(4 * 100 * PER_CONNECTION);
});

it(
  "200 clients that vanish in the middle of bodies leave nothing behind: no call, no failure for others",
  { timeout: 30_000 },
  async () => {
    const { after, failures, stuck } = await vanishingClients(200, 300);
    expect(failures).toEqual([]);
    expect(stuck).toBe(0);
    expect(after).toBeGreaterThan(0);
  },
);
