import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { request } from "undici";
import { LISTENER_TIMEOUTS } from "./http/listener-timeouts.ts";
import { exchangeBytes, until } from "./test-bed/peer.ts";
import { TestMesh } from "./test-bed/test-mesh.ts";

const KEY = "dGhlIHNhbXBsZSBub25jZQ==";
const ask = (path = "/chat", fields = "Sec-WebSocket-Version: 13\r\n") =>
  `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: ${KEY}\r\n${fields}\r\n`;

let mesh: TestMesh;
let server: Server;
let seen: IncomingMessage | null;
let service: Duplex | null;

beforeEach(async () => {
  seen = null;
  service = null;
  mesh = await TestMesh.start();
  server = createServer((_incoming, response) => response.end("no socket"));
  server.on("upgrade", (incoming, socket) => {
    seen = incoming;
    service = socket;
    socket.on("error", () => undefined);
    const accept = createHash("sha1").update(`${KEY}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  mesh.register({ service: "chat", id: "chat-1", port });
  mesh.route("chat", {
    destinations: [{ service: "chat", weight: 1 }],
    matches: [{ path: { kind: "exact", value: "/chat" } }],
    webSocket: true,
    idleTimeoutMs: 60_000,
  });
  mesh.route("plain", { destinations: [{ service: "chat", weight: 1 }] });
});
afterEach(async () => {
  await mesh.stop();
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
});

/** A client that has asked, and what it has received so far. */
function open(bytes = ask()): { socket: Socket; received: () => string; closed: () => boolean } {
  let text = "";
  let closed = false;
  const socket = connect(mesh.gateway.edgePort, "127.0.0.1").on("error", () => undefined);
  socket.setEncoding("latin1");
  socket.on("data", (chunk) => (text += String(chunk)));
  socket.on("close", () => (closed = true));
  socket.write(bytes, "latin1");
  return { socket, received: () => text, closed: () => closed };
}

describe("a WebSocket", () => {
  it("is opened through a route that offers it, and bytes pass both ways", async () => {
    const { socket, received } = open(`${ask()}early`);
    await until(() => received().includes("early"));
    const [head = ""] = received().split("\r\n\r\n");
    expect(head).toContain("HTTP/1.1 101 Switching Protocols");
    expect(head).toContain("connection: upgrade\r\nupgrade: websocket");
    expect(head).toContain("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    expect(head).toContain("x-mesh-route: chat");
    expect(seen?.headers).toMatchObject({ connection: "upgrade", upgrade: "websocket", "sec-websocket-key": KEY });
    socket.write("more");
    await until(() => received().endsWith("earlymore"));
    socket.destroy();
  });

  it("counts as one request and one success, and ends on both sides when one ends", async () => {
    const { socket, received } = open();
    await until(() => received().includes("101"));
    const metrics = async (): Promise<string> => (await request(`${mesh.admin}/metrics`)).body.text();
    expect(await metrics()).toContain("meshkeeper_requests_in_flight 1");
    socket.destroy();
    await until(() => service?.destroyed === true);
    await until(async () => (await metrics()).includes("meshkeeper_requests_in_flight 0"));
    expect(await metrics()).toContain('meshkeeper_requests_total{listener="edge",route="chat",status="101"} 1');
  });

  it("waits for a slow reader instead of piling up here", async () => {
    const { socket, received } = open();
    await until(() => received().includes("101"));
    socket.pause();
    service?.unpipe();
    let taken = 0;
    const chunk = Buffer.alloc(65_536);
    while (taken < 400 * 1024 * 1024 && service?.write(chunk) === true) taken += chunk.length;
    expect(taken).toBeLessThan(64 * 1024 * 1024);
    socket.destroy();
  });

  it("is told to go when the gateway stops: status 1001", async () => {
    const { received, closed } = open();
    await until(() => received().includes("101"));
    await mesh.gateway.stop();
    await until(closed);
    expect(received().endsWith("\x88\x02\x03\xe9")).toBe(true);
  });

  it("that nobody says anything on is ended", async () => {
    mesh.route("chat", {
      destinations: [{ service: "chat", weight: 1 }],
      matches: [{ path: { kind: "exact", value: "/chat" } }],
      webSocket: true,
      idleTimeoutMs: 150,
    });
    const { received, closed } = open();
    await until(() => received().includes("101"));
    await until(closed);
    expect(service?.destroyed).toBe(true);
  });
});

it("is opened behind nginx, which says `Connection: upgrade` in lower case", async () => {
  const { socket, received } = open(ask().replace("keep-alive, Upgrade", "upgrade"));
  await until(() => received().includes("101"));
  socket.destroy();
});

it("whose service has ended does not keep the client's connection, whatever the client does", async () => {
  server.removeAllListeners("upgrade");
  server.on("upgrade", (_incoming, socket) => {
    socket.on("error", () => undefined);
    socket.end("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
  });
  const client = connect({ port: mesh.gateway.edgePort, host: "127.0.0.1", allowHalfOpen: true });
  client.on("error", () => undefined).resume();
  client.write(ask());
  await until(async () =>
    (await (await request(`${mesh.admin}/metrics`)).body.text()).includes("meshkeeper_connections 0"),
  );
  client.destroy();
});

describe("an upgrade that is not granted", () => {
  it("asked for twice: 400, and nothing is left open for it", async () => {
    const { text } = await exchangeBytes(
      mesh.gateway.edgePort,
      ask().replace("Upgrade: websocket", "Upgrade: websocket\r\nUpgrade: websocket"),
    );
    expect(text).toContain("UPGRADE_REFUSED");
    expect(seen).toBeNull();
  });

  it("and answered with a body that nobody reads: the connection is given up", async () => {
    await mesh.stop();
    mesh = await TestMesh.start({ timeouts: { ...LISTENER_TIMEOUTS, writeStallMs: 200 } });
    const body = "x".repeat(16 * 1024 * 1024);
    server.removeAllListeners("upgrade");
    server.on("upgrade", (_incoming, socket) => {
      socket.on("error", () => undefined);
      socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`);
    });
    const address = server.address();
    mesh.register({
      service: "chat",
      id: "chat-1",
      port: typeof address === "object" && address !== null ? address.port : 0,
    });
    mesh.route("chat", { destinations: [{ service: "chat", weight: 1 }], webSocket: true });
    const client = connect(mesh.gateway.edgePort, "127.0.0.1")
      .on("error", () => undefined)
      .pause();
    client.write(ask());
    const metrics = async (): Promise<string> => (await request(`${mesh.admin}/metrics`)).body.text();
    await until(async () => (await metrics()).includes('route="chat",status="200"} 1'));
    client.destroy();
  });

  it("on a route that does not offer it: 400, and the service never hears of it", async () => {
    const { text } = await exchangeBytes(mesh.gateway.edgePort, ask("/other"));
    expect(text).toContain("HTTP/1.1 400");
    expect(text).toContain("UPGRADE_REFUSED");
    expect(seen).toBeNull();
  });

  it.each(["Sec-WebSocket-Version: 777\r\n", ""])("in another version (%j): 400", async (fields) => {
    const { text } = await exchangeBytes(mesh.gateway.edgePort, ask("/chat", fields));
    expect(text).toContain("UPGRADE_REFUSED");
    expect(seen).toBeNull();
  });

  it("to HTTP/2 is ignored, and its settings are not passed on", async () => {
    const { text } = await exchangeBytes(
      mesh.gateway.edgePort,
      "GET /other HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n",
      "no socket",
    );
    expect(text).toContain("HTTP/1.1 200");
  });

  it("by the service: its answer is passed on", async () => {
    server.removeAllListeners("upgrade");
    const { text } = await exchangeBytes(mesh.gateway.edgePort, ask());
    expect(text).toContain("HTTP/1.1 200");
    expect(text).toContain("no socket");
  });
});
