import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request } from "undici";
import { afterEach, describe, expect, it } from "vitest";
import { parseAddressRange } from "#domain/address-range.ts";
import { ServicePolicySpec, type UpstreamTls } from "#domain/service-policy.ts";
import { AddressRules } from "#platform/address-rules.ts";
import type { GatewayOptions } from "./start-gateway.ts";
import { exchangeBytes, until } from "./test-bed/peer.ts";
import { selfSigned } from "./test-bed/self-signed.ts";
import { TestMesh } from "./test-bed/test-mesh.ts";
import { UpstreamAuthorities } from "./tls/upstream-tls.ts";
import { TrustedPeers } from "./trusted-peers.ts";

let mesh: TestMesh;
const ending: (() => Promise<void>)[] = [];
afterEach(async () => {
  await mesh.stop();
  for (const end of ending.splice(0)) await end();
});

const trusted = new TrustedPeers(["127.0.0.0/8"].flatMap((text) => parseAddressRange(text) ?? []));

async function start(options: Partial<GatewayOptions> = {}): Promise<void> {
  mesh = await TestMesh.start(options);
  mesh.route("echo", { destinations: [{ service: "echo", weight: 1 }] });
}

async function get(headers: Record<string, string> = {}): Promise<{ status: number; text: string; retry: unknown }> {
  const answer = await request(`${mesh.edge}/`, { headers: { host: "shop.test", ...headers } });
  return { status: answer.statusCode, text: await answer.body.text(), retry: answer.headers["retry-after"] };
}

describe("what a service hears of the client", () => {
  const FORGED = {
    "x-forwarded-for": "203.0.113.7",
    "x-forwarded-proto": "https",
    "x-forwarded-prefix": "/shop",
    "x-request-id": "given-1",
  };
  const heard = async (): Promise<IncomingHttpHeaders> => {
    await mesh.serve("echo", (incoming, response) => response.end(JSON.stringify(incoming.headers)));
    return JSON.parse((await get(FORGED)).text) as IncomingHttpHeaders;
  };

  it("is the gateway's own word, when the client is nobody it trusts", async () => {
    await start();
    const headers = await heard();
    expect(headers).toMatchObject({
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-proto": "http",
      "x-forwarded-port": String(mesh.gateway.edgePort),
      forwarded: "for=127.0.0.1;host=shop.test;proto=http",
      via: "1.1 meshkeeper",
      traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/),
    });
    expect(headers["x-request-id"]).not.toBe("given-1");
    expect(headers).not.toHaveProperty("x-forwarded-prefix");
  });

  it("is that of a trusted proxy in front, when it comes through one", async () => {
    await start({ trusted, tracePercent: 0 });
    expect(await heard()).toMatchObject({
      "x-forwarded-for": "203.0.113.7, 127.0.0.1",
      "x-forwarded-proto": "https",
      "x-forwarded-prefix": "/shop",
      "x-request-id": "given-1",
      traceparent: expect.stringMatching(/-00$/),
    });
  });
});

describe("an instance that registered an address it should not have", () => {
  it.each(["127.0.0.1", "2130706433", "::ffff:127.0.0.1"])("is not connected to: %s", async (address) => {
    await start({ rules: new AddressRules() });
    let called = false;
    await mesh.serve("echo", (_incoming, response) => response.end(String((called = true))), { address });
    const { status, text } = await get();
    expect(status).toBe(503);
    expect(JSON.parse(text)).toMatchObject({ code: "ADDRESS_REFUSED", blame: "operator" });
    expect(called).toBe(false);
  });

  it("is answered for by the backup, where there is one", async () => {
    await start({
      rules: new AddressRules({ allow: [parseAddressRange("127.0.0.1/32")].filter((range) => range !== null) }),
    });
    await mesh.serve("backup", (_incoming, response) => response.end("backup"));
    mesh.register({ service: "echo", id: "echo-1", port: 80, address: "169.254.169.254" });
    mesh.breaker({
      target: { kind: "service", service: "echo" },
      fallbacks: [{ kind: "service", service: "backup" }],
      settings: {},
    });
    expect(await get()).toMatchObject({ status: 200, text: "backup" });
  });

  it("is not connected to where the gateway itself listens", async () => {
    await start();
    for (const port of [mesh.gateway.adminPort, mesh.gateway.edgePort]) {
      mesh.register({ service: "echo", id: `self-${port}`, port });
      expect(JSON.parse((await get()).text)).toMatchObject({ code: "ADDRESS_REFUSED" });
      mesh.deregister(`self-${port}`);
    }
  });
});

describe("a gateway with as much to do as it can", () => {
  it("refuses requests above its number at once, while those in flight go on and the admin port answers", async () => {
    await start({ limits: { connections: 100, requests: 2 } });
    const held: (() => void)[] = [];
    await mesh.serve("echo", (_incoming, response) => held.push(() => response.end("done")));
    const first = [get(), get()];
    await until(() => held.length === 2);
    const refused = await get();
    expect(refused).toMatchObject({ status: 503, retry: "1" });
    expect(JSON.parse(refused.text)).toMatchObject({ code: "OVERLOADED" });
    const metrics = await (await request(`${mesh.admin}/metrics`)).body.text();
    expect(metrics).toContain('meshkeeper_overload_refused_total{reason="requests"} 1');
    for (const finish of held) finish();
    expect(await Promise.all(first)).toMatchObject([{ text: "done" }, { text: "done" }]);
    const again = get();
    await until(() => held.length === 3);
    held[2]?.();
    expect((await again).status).toBe(200);
  });

  it("tells connections above its number so, and closes them", async () => {
    await start({ limits: { connections: 0, requests: 10 } });
    const { text, closed } = await exchangeBytes(mesh.gateway.edgePort, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    expect(text).toMatch(/^HTTP\/1\.1 503 .*connection: close.*OVERLOADED/is);
    expect(closed).toBe(true);
    expect((await request(`${mesh.admin}/healthz`)).statusCode).toBe(200);
  });
});

describe("an instance that speaks TLS", () => {
  const certificate = selfSigned("echo.test");

  async function secure(tls: Partial<UpstreamTls>, authority: boolean): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), "meshkeeper-ca-"));
    ending.push(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, "ca.pem");
    await writeFile(file, certificate.cert);
    await start({ authorities: new UpstreamAuthorities(authority ? file : null) });
    const server = createServer(certificate, (incoming, response) => {
      const asked = "servername" in incoming.socket ? incoming.socket.servername : "";
      response.end(`${String(asked)} ${incoming.headers.host}`);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    ending.push(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("not listening");
    mesh.register({ service: "echo", id: "echo-1", port: address.port });
    const spec = ServicePolicySpec.parse({ service: "echo", tls });
    mesh.policy.publish({ services: new Map([["echo", { id: "echo", revision: 1, spec }]]) });
  }

  it("is called so where policy says so, under the name that policy says, by an authority of ours", async () => {
    await secure({ mode: "on", serverName: "echo.test" }, true);
    expect(await get()).toMatchObject({ status: 200, text: "echo.test shop.test" });
    expect(await get()).toMatchObject({ status: 200, text: "echo.test shop.test" });
  });

  it.each([
    ["of an authority we do not know", { mode: "on", serverName: "echo.test" }, false],
    ["of another name", { mode: "on", serverName: "other.test" }, true],
    ["of no address", { mode: "on" }, true],
  ] as const)("is not believed with a certificate %s", async (_what, tls, authority) => {
    await secure(tls, authority);
    expect(await get()).toMatchObject({ status: 502 });
  });

  it("is believed whatever its certificate, where policy says so", async () => {
    await secure({ mode: "on", verify: false }, false);
    expect((await get()).status).toBe(200);
  });

  it("is not called over a connection made without checking, once policy asks to check", async () => {
    await secure({ mode: "on", verify: false }, false);
    expect((await get()).status).toBe(200);
    const spec = ServicePolicySpec.parse({ service: "echo", tls: { mode: "on", verify: true } });
    mesh.policy.publish({ services: new Map([["echo", { id: "echo", revision: 2, spec }]]) });
    expect((await get()).status).toBe(502);
  });

  it("is not spoken to in TLS where policy says off", async () => {
    await secure({ mode: "off" }, true);
    expect((await get()).status).toBe(502);
  });
});
