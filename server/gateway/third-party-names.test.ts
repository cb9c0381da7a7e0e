import { afterEach, beforeEach, expect, it } from "vitest";
import { request } from "undici";
import { TestMesh } from "./test-bed/test-mesh.ts";
import { until } from "./test-bed/peer.ts";

/** Whoever can reach ZooKeeper chooses the names, ids and addresses of instances. */
let mesh: TestMesh;
beforeEach(async () => {
  mesh = await TestMesh.start();
  await mesh.serve("cart", (_incoming, response) => response.end("cart"), { id: "cart-1" });
  mesh.route("cart", { destinations: [{ service: "cart", weight: 1 }] });
});
afterEach(() => mesh.stop());

const ask = async (): Promise<number> => (await request(mesh.edge)).statusCode;

it.each(["providers:com.acme.Orders", "_odd name", "x".repeat(300)])(
  "a service called %j changes nothing for others",
  async (service) => {
    mesh.register({ service, id: "x", port: 1 });
    await mesh.serve("cart", (_incoming, response) => response.end("cart"), { id: "cart-2" });
    expect(await ask()).toBe(200);
    expect(Object.keys(await mesh.instances())).toContain("cart-2");
  },
);

it.each(["constructor", "__proto__", "toString"])("an instance called %s is one like any other", async (id) => {
  mesh.deregister("cart-1");
  await mesh.serve("cart", (_incoming, response) => response.end("cart"), { id });
  expect(await ask()).toBe(200);
});

it.each(["10.0.0.256", "host.1", "fe80::1%eth0"])(
  "an address such as %s fails its health checks, and nothing else",
  async (address) => {
    mesh.register({ service: "cart", id: "odd", port: 1, address });
    mesh.servicePolicy({
      service: "cart",
      healthCheck: { path: "/", intervalMs: 500, timeoutMs: 100, unhealthyAfter: 1, healthyAfter: 1 },
    });
    await until(async () => (await mesh.instances())["odd"]?.health === "unhealthy");
    expect(await ask()).toBe(200);
  },
);
