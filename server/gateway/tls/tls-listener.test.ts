import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { connect as connectHttp2, constants, type ClientHttp2Session } from "node:http2";
import { connect as connectTcp } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { request as plainRequest } from "undici";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LISTENER_TIMEOUTS } from "../http/listener-timeouts.ts";
import type { GatewayOptions } from "../start-gateway.ts";
import { bodyOf, until } from "../test-bed/peer.ts";
import { selfSigned, type SelfSigned } from "../test-bed/self-signed.ts";
import { TestMesh } from "../test-bed/test-mesh.ts";

const SHOP = selfSigned("shop.test");
const ADMIN = selfSigned("admin.test");

let folder: string;
let mesh: TestMesh;
let port: number;
let finish: (() => void) | undefined;
const sessions: ClientHttp2Session[] = [];

async function write(name: string, { cert, key }: SelfSigned): Promise<void> {
  await writeFile(join(folder, `${name}.crt`), cert);
  await writeFile(join(folder, `${name}.key`), key);
}

/** Answers say how the service was asked; `/late` is answered by `finish`. */
async function start(options: Partial<GatewayOptions> = {}): Promise<void> {
  mesh = await TestMesh.start({ tls: { port: 0, certificates: { kind: "folder", path: folder } }, ...options });
  port = mesh.gateway.tlsPort ?? 0;
  await mesh.serve("echo", (incoming, response) => {
    const { host = "", "x-forwarded-proto": scheme, "x-forwarded-port": at } = incoming.headers;
    const text = `${incoming.method} ${host} ${String(scheme)} ${Number(at) === port}`;
    if (incoming.url === "/cookies") response.end(incoming.rawHeaders.filter((part) => part.includes("=")).join("|"));
    else if (incoming.url === "/late") finish = () => response.end("late");
    else void bodyOf(incoming).then(({ length }) => response.end(`${text} ${length}`));
  });
  mesh.route("echo", { destinations: [{ service: "echo", weight: 1 }] });
}

beforeEach(async () => {
  finish = undefined;
  folder = await mkdtemp(join(tmpdir(), "meshkeeper-tls-"));
  await write("a-shop", SHOP);
  await write("b-admin", ADMIN);
});
afterEach(async () => {
  for (const session of sessions.splice(0)) session.destroy();
  await mesh.stop();
  await rm(folder, { recursive: true, force: true });
});

async function metric(name: string): Promise<number> {
  const text = await (await plainRequest(`${mesh.admin}/metrics`)).body.text();
  return Number(text.match(new RegExp(`^${name}(?:\\{[^}]*\\})? (.*)$`, "m"))?.[1]);
}

function overHttp2(servername: string, ca: string): ClientHttp2Session {
  const session = connectHttp2(`https://${servername}`, {
    ca,
    createConnection: () => connectTls({ port, host: "127.0.0.1", servername, ca, ALPNProtocols: ["h2"] }),
  });
  session.on("error", () => undefined);
  sessions.push(session);
  return session;
}

function ask(session: ClientHttp2Session, headers: Record<string, string>, body?: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const stream = session.request({ ":path": "/", ...headers });
    stream.on("response", (fields) => (text += `${String(fields[":status"])} `));
    stream.setEncoding("utf8");
    stream.on("data", (chunk) => (text += String(chunk)));
    stream.on("end", () => resolve(text)).on("error", reject);
    stream.end(body);
  });
}

/** The connection once its handshake is done, or the error. */
function handshake(options: object): Promise<TLSSocket | Error> {
  return new Promise((resolve) => {
    const socket = connectTls({ port, host: "127.0.0.1", ...options }, () => resolve(socket));
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

describe("a listener for TLS", () => {
  it("speaks HTTP/2 with those who choose it, and HTTP/1.1 with the others", async () => {
    await start();
    const session = overHttp2("shop.test", SHOP.cert);
    expect(await ask(session, {})).toBe("200 GET shop.test:443 https true 0");
    const body = Buffer.alloc(300_000, "x");
    expect(await ask(session, { ":method": "POST" }, body)).toBe("200 POST shop.test:443 https true 300000");
    const text = await new Promise<string>((resolve, reject) => {
      const headers = { host: "admin.test" };
      const call = request(
        { host: "127.0.0.1", port, servername: "admin.test", ca: ADMIN.cert, agent: false, headers },
        (response) => response.setEncoding("utf8").on("data", resolve),
      );
      call.on("error", reject).end();
    });
    expect(text).toBe("GET admin.test https true 0");
  });

  it("joins the crumbs of a cookie, which HTTP/1.1 does not have (RFC 9113 §8.2.3)", async () => {
    await start();
    const session = overHttp2("shop.test", SHOP.cert);
    const answer = new Promise<string>((resolve) => {
      const stream = session.request({ ":path": "/cookies", cookie: ["a=1", "b=2", "c=3"] });
      stream.setEncoding("utf8").on("data", (chunk) => resolve(String(chunk)));
      stream.end();
    });
    expect((await answer).split("|").filter((text) => !text.startsWith("for="))).toEqual(["a=1; b=2; c=3"]);
  });

  it("cuts off a client that leaves no room for answers", async () => {
    await start({ timeouts: { ...LISTENER_TIMEOUTS, writeStallMs: 200 } });
    const session = connectHttp2("https://shop.test", {
      settings: { initialWindowSize: 0 },
      createConnection: () =>
        connectTls({ port, host: "127.0.0.1", servername: "shop.test", ca: SHOP.cert, ALPNProtocols: ["h2"] }),
    });
    session.on("error", () => undefined);
    sessions.push(session);
    for (let index = 0; index < 20; index += 1)
      session
        .request({ ":path": "/" })
        .on("error", () => undefined)
        .end();
    await until(async () => (await metric("meshkeeper_requests_in_flight")) > 0);
    await until(async () => (await metric("meshkeeper_requests_in_flight")) === 0);
  });

  it("refuses over HTTP/2 what it refuses over HTTP/1.1", async () => {
    await start();
    const session = overHttp2("shop.test", SHOP.cert);
    expect(await ask(session, { ":path": "/a/%2e%2e/b" })).toMatch(/^400 .*BAD_REQUEST/);
    expect(await ask(session, { ":authority": "shop.test:99999" })).toMatch(/^400 .*BAD_REQUEST/);
    expect(await ask(session, { ":authority": "shop.test", host: "other.test" })).toMatch(/^400 .*BAD_REQUEST/);
    expect(await ask(session, { a_b: "1" })).toMatch(/^400 .*BAD_REQUEST/);
    expect(await ask(session, {})).toContain("200 GET");
  });

  it("shows the certificate of the name that is asked for, and a new one as soon as it is there", async () => {
    await start();
    expect(await namesSeen("admin.test")).toBe("DNS:admin.test");
    expect(await namesSeen("shop.test")).toBe("DNS:shop.test");
    expect(await namesSeen()).toBe("DNS:shop.test");
    const session = overHttp2("shop.test", SHOP.cert);
    await ask(session, {});
    await write("a-shop", selfSigned("shop.test", "shop.example"));
    await until(async () => (await namesSeen("shop.test")) === "DNS:shop.test, DNS:shop.example");
    expect(await namesSeen()).toBe("DNS:shop.test, DNS:shop.example");
    expect(await ask(session, {})).toContain("200 GET");
    expect(await (await plainRequest(`${mesh.admin}/config`)).body.json()).toMatchObject({
      certificates: [
        { name: "a-shop", names: ["shop.test", "shop.example"], problem: "" },
        { name: "b-admin", names: ["admin.test"], problem: "" },
      ],
    });
    expect(await metric("meshkeeper_certificate_not_after_seconds")).toBeGreaterThan(Date.now() / 1000);
  });

  it("takes TLS 1.2 and 1.3, nothing older", async () => {
    await start();
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

  it("refuses connections there is no place for, and counts them", async () => {
    await start({ limits: { connections: 1, requests: 10 } });
    expect(await ask(overHttp2("shop.test", SHOP.cert), {})).toContain("200");
    expect(await handshake({ rejectUnauthorized: false })).toBeInstanceOf(Error);
    expect(await metric("meshkeeper_connections")).toBe(1);
    expect(await metric("meshkeeper_overload_refused_total")).toBe(1);
  });

  it("lets requests end before it closes their connection", async () => {
    await start();
    const session = overHttp2("shop.test", SHOP.cert);
    const answer = ask(session, { ":path": "/late" });
    const end = await until(() => finish);
    const stopped = mesh.gateway.stop();
    await until(() => handshake({ rejectUnauthorized: false }).then((socket) => socket instanceof Error));
    end();
    expect(await answer).toBe("200 late");
    await stopped;
    await until(() => session.destroyed);
  });

  it("closes connections on which nothing is asked, and none whose answer is long in coming", async () => {
    await start({ timeouts: { ...LISTENER_TIMEOUTS, keepAliveMs: 50 } });
    const idle = overHttp2("admin.test", ADMIN.cert);
    const waiting = overHttp2("shop.test", SHOP.cert);
    const answer = ask(waiting, { ":path": "/late" });
    await until(() => idle.destroyed);
    expect(waiting.destroyed).toBe(false);
    (await until(() => finish))();
    expect(await answer).toBe("200 late");
    await until(async () => (await metric("meshkeeper_connections")) === 0);
  });

  it("cuts off a client that takes requests back in masses, and nobody else (CVE-2023-44487)", async () => {
    await start();
    const other = overHttp2("shop.test", SHOP.cert);
    const session = overHttp2("shop.test", SHOP.cert);
    const reason = new Promise<number>((resolve) => session.on("goaway", resolve));
    await Promise.all([ask(other, {}), ask(session, {})]);
    const heard = (): Promise<void> => new Promise((resolve) => session.ping(() => resolve()) || resolve());
    for (let sent = 0; sent < 2000 && !session.destroyed; sent += 10) {
      for (let n = 0; n < 10 && !session.destroyed; n += 1) {
        const stream = session.request({ ":path": "/late" });
        stream.on("error", () => undefined);
        stream.close(constants.NGHTTP2_CANCEL);
      }
      // Else the connection would be reset before the client has read why.
      if (!session.destroyed) await heard();
    }
    expect(await reason).toBe(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    await until(async () => (await metric("meshkeeper_connections")) === 1);
    await until(async () => (await metric("meshkeeper_requests_in_flight")) === 0);
    expect(await ask(other, {})).toContain("200 GET");
  });

  it("outlives clients that speak no TLS, or vanish in the middle", async () => {
    await start();
    for (const bytes of ["GET / HTTP/1.1\r\n\r\n", "\x16\x03\x01"]) {
      const socket = connectTcp(port, "127.0.0.1", () => socket.write(bytes, "latin1"));
      socket.on("error", () => undefined);
      if (bytes.startsWith("\x16"))
        await until(async () => (await metric("meshkeeper_connections")) === 1).then(() => socket.resetAndDestroy());
      await until(async () => (await metric("meshkeeper_connections")) === 0);
    }
    expect(await ask(overHttp2("shop.test", SHOP.cert), {})).toContain("200 GET");
  });
});
