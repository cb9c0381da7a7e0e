import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { connect as connectHttp2, constants, type ClientHttp2Session } from "node:http2";
import { request } from "node:https";
import { connect as connectTcp } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "#platform/clock.ts";
import { until } from "../test-bed/peer.ts";
import { selfSigned, type SelfSigned } from "../test-bed/self-signed.ts";
import { CertificateStore } from "./certificate-store.ts";
import { listenTls, type TlsListener, type TlsListenOptions } from "./tls-listener.ts";

const SHOP = selfSigned("shop.test");
const ADMIN = selfSigned("admin.test");

let folder: string;
let certificates: CertificateStore;
let listener: TlsListener;
let open = 0;
const http1 = createServer((_request, response) => response.end("one"));
const sessions: ClientHttp2Session[] = [];

async function write(name: string, { cert, key }: SelfSigned): Promise<void> {
  await writeFile(join(folder, `${name}.crt`), cert);
  await writeFile(join(folder, `${name}.key`), key);
}

async function listen(options: Partial<TlsListenOptions> = {}): Promise<void> {
  listener = await listenTls({
    listener: "tls",
    host: "127.0.0.1",
    port: 0,
    certificates,
    onHttp1: (socket) => void http1.emit("connection", socket),
    onHttp2: (incoming, response) => response.end(`two ${incoming.headers[":authority"] ?? ""}`),
    onOpen: () => (open += 1) > 0,
    onClose: () => (open -= 1),
    keepAliveMs: 60_000,
    clock: systemClock,
    ...options,
  });
}

beforeEach(async () => {
  open = 0;
  folder = await mkdtemp(join(tmpdir(), "meshkeeper-tls-"));
  await write("a-shop", SHOP);
  await write("b-admin", ADMIN);
  certificates = await CertificateStore.open({ kind: "folder", path: folder }, pino({ level: "silent" }));
});
afterEach(async () => {
  for (const session of sessions.splice(0)) session.destroy();
  await listener.stop();
  http1.closeAllConnections();
  await certificates.stop();
  await rm(folder, { recursive: true, force: true });
  await until(() => open === 0);
});

function overHttp2(servername: string, ca: string): ClientHttp2Session {
  const session = connectHttp2(`https://${servername}:${listener.port}`, {
    ca,
    createConnection: () =>
      connectTls({ port: listener.port, host: "127.0.0.1", servername, ca, ALPNProtocols: ["h2"] }),
  });
  session.on("error", () => undefined);
  sessions.push(session);
  return session;
}

function get(session: ClientHttp2Session): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const stream = session.request({ ":path": "/" });
    stream.setEncoding("utf8");
    stream.on("data", (chunk) => (text += String(chunk)));
    stream.on("end", () => resolve(text)).on("error", reject);
  });
}

/** The connection once its handshake is done, or the error. */
function handshake(options: object): Promise<TLSSocket | Error> {
  return new Promise((resolve) => {
    const socket = connectTls({ port: listener.port, host: "127.0.0.1", ...options }, () => resolve(socket));
    socket.on("error", resolve);
  });
}

async function namesSeen(servername?: string): Promise<string> {
  const socket = await handshake({ rejectUnauthorized: false, ...(servername === undefined ? {} : { servername }) });
  if (socket instanceof Error) throw socket;
  const { subjectaltname = "" } = socket.getPeerCertificate();
  socket.destroy();
  return subjectaltname;
}

describe("a TLS listener", () => {
  it("speaks HTTP/2 with those who choose it, and HTTP/1.1 with the others", async () => {
    await listen();
    expect(await get(overHttp2("shop.test", SHOP.cert))).toBe(`two shop.test:${listener.port}`);
    const text = await new Promise<string>((resolve, reject) => {
      const call = request(
        { host: "127.0.0.1", port: listener.port, servername: "admin.test", ca: ADMIN.cert, agent: false },
        (response) => response.setEncoding("utf8").on("data", resolve),
      );
      call.on("error", reject).end();
    });
    expect(text).toBe("one");
  });

  it("shows the certificate of the name that is asked for, and a new one as soon as it is there", async () => {
    await listen();
    expect(await namesSeen("admin.test")).toBe("DNS:admin.test");
    expect(await namesSeen("shop.test")).toBe("DNS:shop.test");
    expect(await namesSeen()).toBe("DNS:shop.test");
    const session = overHttp2("shop.test", SHOP.cert);
    await get(session);
    await write("a-shop", selfSigned("shop.test", "shop.example"));
    await certificates.look();
    expect(await namesSeen("shop.test")).toBe("DNS:shop.test, DNS:shop.example");
    expect(await namesSeen()).toBe("DNS:shop.test, DNS:shop.example");
    expect(await get(session)).toContain("two");
  });

  it("takes TLS 1.2 and 1.3, nothing older", async () => {
    await listen();
    const versions = { "TLSv1.1": true, "TLSv1.2": false, "TLSv1.3": false } as const;
    for (const [version, refused] of Object.entries(versions)) {
      const socket = await handshake({
        rejectUnauthorized: false,
        minVersion: version,
        maxVersion: version,
        ciphers: "DEFAULT@SECLEVEL=0",
      });
      expect([version, socket instanceof Error]).toEqual([version, refused]);
      if (!(socket instanceof Error)) socket.destroy();
    }
  });

  it("refuses connections there is no place for", async () => {
    await listen({ onOpen: () => false, onClose: () => undefined });
    expect(await handshake({ rejectUnauthorized: false })).toBeInstanceOf(Error);
  });

  it("ends clients' requests before their connections when it stops accepting", async () => {
    let finish: (() => void) | undefined;
    await listen({ onHttp2: (_request, response) => (finish = () => void response.end("late")) });
    const session = overHttp2("shop.test", SHOP.cert);
    const answer = get(session);
    await until(() => finish);
    listener.stopAccepting();
    await until(() => handshake({ rejectUnauthorized: false }).then((socket) => socket instanceof Error));
    finish?.();
    expect(await answer).toBe("late");
    await until(() => session.destroyed);
  });

  it("closes connections on which nothing is asked", async () => {
    await listen({ keepAliveMs: 50 });
    const session = overHttp2("shop.test", SHOP.cert);
    await until(() => session.destroyed);
    expect(open).toBe(0);
  });

  it("does not close a connection whose answer is long in coming", async () => {
    let finish: (() => void) | undefined;
    await listen({ keepAliveMs: 50, onHttp2: (_request, response) => (finish = () => void response.end("late")) });
    const idle = overHttp2("admin.test", ADMIN.cert);
    const waiting = overHttp2("shop.test", SHOP.cert);
    const answer = get(waiting);
    await until(() => idle.destroyed);
    expect(waiting.destroyed).toBe(false);
    finish?.();
    expect(await answer).toBe("late");
  });

  it("cuts off a client that takes requests back in masses, and nobody else (CVE-2023-44487)", async () => {
    await listen({ onHttp2: (incoming, response) => incoming.url === "/" && response.end("two") });
    const other = overHttp2("shop.test", SHOP.cert);
    await get(other);
    const session = overHttp2("shop.test", SHOP.cert);
    const reason = new Promise<number>((resolve) => session.on("goaway", resolve));
    await get(session);
    const heard = (): Promise<void> => new Promise((resolve) => session.ping(() => resolve()) || resolve());
    for (let sent = 0; sent < 2000 && !session.destroyed; sent += 10) {
      for (let n = 0; n < 10 && !session.destroyed; n += 1) {
        const stream = session.request({ ":path": "/held" });
        stream.on("error", () => undefined);
        stream.close(constants.NGHTTP2_CANCEL);
      }
      // Else the connection would be reset before the client has read why.
      if (!session.destroyed) await heard();
    }
    expect(await reason).toBe(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    expect(await get(other)).toBe("two");
    await until(() => open === 1);
  });

  it("outlives clients that speak no TLS, or vanish in the middle", async () => {
    await listen();
    for (const bytes of ["GET / HTTP/1.1\r\n\r\n", "\x16\x03\x01"]) {
      const socket = connectTcp(listener.port, "127.0.0.1", () => socket.write(bytes, "latin1"));
      socket.on("error", () => undefined);
      if (bytes.startsWith("\x16")) await until(() => open === 1).then(() => socket.resetAndDestroy());
      await until(() => open === 0);
    }
    expect(await get(overHttp2("shop.test", SHOP.cert))).toContain("two");
  });
});
