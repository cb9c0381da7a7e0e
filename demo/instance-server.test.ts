import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { PRODUCT_COUNT } from "./answers.ts";
import { startInstanceServer, type InstanceServer } from "./instance-server.ts";
import { meshCaller } from "./mesh-call.ts";
import { meshHost, SHOP_CALLERS, SHOP_INSTANCES, SHOP_SERVICES, type ShopService } from "./shop-map.ts";
import { Troubles } from "./trouble.ts";

/** The whole shop with direct calls in place of the gateway: what is asked of whom, and what comes of it. */
const servers: InstanceServer[] = [];
const closers: (() => void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) close();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

interface Shop {
  readonly troubles: Troubles;
  readonly edges: Set<string>;
  get(method: "GET" | "POST", path: string): Promise<{ status: number; body: unknown }>;
}

async function openShop(): Promise<Shop> {
  const troubles = new Troubles();
  const ports = new Map<string, number>();
  const edges = new Set<string>();
  for (const service of SHOP_SERVICES) {
    const instance = SHOP_INSTANCES.find((one) => one.service === service);
    if (instance === undefined) throw new Error(`no instance of ${service}`);
    const server = await startInstanceServer(instance, troubles, (requestId) => (callee, path, order) => {
      edges.add(`${service}→${callee}`);
      return call(callee, {
        method: order === undefined ? "GET" : "POST",
        path,
        host: meshHost(callee),
        requestId,
        body: order,
      });
    });
    servers.push(server);
    ports.set(service, server.port);
  }
  function call(
    service: ShopService,
    request: Parameters<ReturnType<typeof meshCaller>["call"]>[0],
  ): ReturnType<ReturnType<typeof meshCaller>["call"]> {
    const caller = meshCaller({ host: "127.0.0.1", port: ports.get(service) ?? 0 });
    closers.push(() => caller.close());
    return caller.call(request);
  }
  return {
    troubles,
    edges,
    get: (method, path) => call("storefront", { method, path, host: "shop.localhost", requestId: "visit-1" }),
  };
}

describe("the shop", () => {
  it("answers every page, and draws every edge of its map while it does", async () => {
    const shop = await openShop();
    for (const path of ["/", `/product/${PRODUCT_COUNT - 1}`, "/cart"])
      expect((await shop.get("GET", path)).status, path).toBe(200);
    const checkout = await shop.get("POST", "/checkout");
    expect(checkout.status).toBe(200);
    expect(JSON.stringify(checkout.body)).toContain('"paidBy":"payments"');
    expect([...shop.edges].sort()).toEqual(
      [
        "cart→catalog",
        "catalog→inventory",
        "orders→inventory",
        "orders→payments",
        "storefront→cart",
        "storefront→catalog",
        "storefront→orders",
      ].sort(),
    );
    expect(SHOP_CALLERS.every((caller) => [...shop.edges].some((edge) => edge.startsWith(`${caller}→`)))).toBe(true);
  });

  it("says in each answer which service, version and instance gave it", async () => {
    const shop = await openShop();
    const Signed = z.object({
      service: z.literal("storefront"),
      version: z.literal("1"),
      instance: z.literal("storefront-a"),
    });
    expect(Signed.safeParse((await shop.get("GET", "/")).body).success).toBe(true);
  });

  it("refuses a checkout while payments is broken, but still shows products", async () => {
    const shop = await openShop();
    shop.troubles.set("payments", "break");
    const checkout = await shop.get("POST", "/checkout");
    expect(checkout.status).toBe(502);
    expect(JSON.stringify(checkout.body)).toContain("payments is needed and failed");
    expect((await shop.get("GET", "/")).status).toBe(200);
  });

  it("sells without knowing the stock while inventory is broken, cut connections included", async () => {
    const shop = await openShop();
    shop.troubles.set("inventory", "break");
    const answers = await Promise.all(Array.from({ length: 4 }, () => shop.get("GET", "/")));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(JSON.stringify(answers[0]?.body)).toContain('"stock":"unknown"');
  });
});
