import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { RouteSpec } from "#domain/route.ts";
import { digestId } from "#zookeeper/access.ts";
import { watchGateways } from "#zookeeper/gateway-presence.ts";
import { keepFolders } from "#zookeeper/mesh-folders.ts";
import { eventually, quietLog, startTestZooKeeper, type TestZooKeeper } from "#zookeeper/test-harness.ts";
import { policyDocument, publishPolicy, TestGateways } from "./test-gateway.ts";

const CONSOLE = { user: "console", password: "console-secret" };
const GATEWAY = { user: "gateway", password: "gateway-secret" };
const ROOT = "/meshkeeper";

let server: TestZooKeeper;
let gateways: TestGateways;
const dataDir = mkdtempSync(join(tmpdir(), "meshkeeper-gateway-access-"));

beforeAll(async () => {
  server = await startTestZooKeeper();
  gateways = new TestGateways({
    ZOOKEEPER: `${server.address}/tenants/blue`,
    ZOOKEEPER_PEERS: digestId(CONSOLE),
    DATA_DIR: dataDir,
  });
});
afterEach(async () => {
  gateways.killAll();
  await server.release();
});
afterAll(async () => {
  await server.close();
  rmSync(dataDir, { recursive: true, force: true });
});

describe("a gateway process before a closed mesh", () => {
  it("applies and acknowledges with its credentials, and says what a wrong password keeps from it, but no password", async () => {
    const zk = server.connect({ auth: CONSOLE, peers: [digestId(GATEWAY)], chroot: "/tenants/blue" });
    server.owns(keepFolders(zk, ROOT, quietLog));
    const spec = RouteSpec.parse({
      hosts: ["shop.test"],
      matches: [{}],
      destinations: [{ service: "catalog", weight: 1 }],
    });
    await publishPolicy(zk, [policyDocument("routes/shop", 1, spec)], 1);
    const presence = server.owns(watchGateways(zk, ROOT, quietLog));

    const right = await gateways.start({
      GATEWAY_ID: "gw-right",
      ZOOKEEPER_AUTH: `${GATEWAY.user}:${GATEWAY.password}`,
    });
    await eventually("announced, applied and acknowledged", () => {
      const { registrations, acknowledgements } = presence.current();
      return registrations.length === 1 && acknowledgements.some(({ revision }) => revision === 1);
    });

    const wrong = await gateways.start({ GATEWAY_ID: "gw-wrong", ZOOKEEPER_AUTH: `${GATEWAY.user}:not-the-password` });
    await eventually("the reason", () => wrong.output().includes(`no permission on ${ROOT}/policy/head`));
    expect(wrong.output()).not.toMatch(/not-the-password|is lost; reconnecting|does not answer/);
    expect(right.output()).not.toContain(GATEWAY.password);
    expect(presence.current().registrations.map(({ id }) => id)).toEqual(["gw-right"]);
  });
});
