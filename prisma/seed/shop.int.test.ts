import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listAudit } from "#control/list-audit.ts";
import { listBreakerPolicies } from "#control/list-breaker-policies.ts";
import { listRoutes } from "#control/list-routes.ts";
import { removeRoute } from "#control/remove-route.ts";
import { updateRoute } from "#control/update-route.ts";
import { startTestDatabase, type TestDatabase } from "#db/start-test-database.ts";
import type { Actor } from "#domain/audit.ts";
import { SHOP_SERVICES } from "../../demo/shop-map.ts";
import { seedShop, shopRoutes } from "./shop.ts";

const ada: Actor = { kind: "person", id: "ada", name: "Ada" };

describe("seedShop", () => {
  let test: TestDatabase;
  beforeAll(async () => (test = await startTestDatabase()));
  afterAll(() => test.stop());

  it("makes every route and breaker policy in an empty database, each on record, and touches nothing later", async () => {
    const deps = { database: test.database };
    expect(await seedShop(deps)).toBe(true);
    const made = await listRoutes(deps);
    expect(made.map(({ id }) => id).sort()).toEqual(["cart", "catalog", "inventory", "orders", "payments", "shop"]);
    const policies = await listBreakerPolicies(deps);
    const payments = policies.find(({ id }) => id === "service:payments");
    expect(payments?.spec.fallbacks).toEqual([{ kind: "service", service: "payments-backup", labels: {} }]);
    const { entries } = await listAudit(deps, { limit: 50 });
    expect(entries).toHaveLength(made.length + policies.length);
    expect(entries.every(({ actor }) => actor.kind === "system")).toBe(true);

    const inventory = made.find(({ id }) => id === "inventory");
    const shop = made.find(({ id }) => id === "shop");
    if (inventory === undefined || shop === undefined) throw new Error("routes are missing");
    const edited = { ...inventory.spec, description: "Edited by a person" };
    await updateRoute(deps, { id: "inventory", expectedVersion: inventory.version, spec: edited }, ada);
    await removeRoute(deps, { id: "shop", expectedVersion: shop.version }, ada);

    expect(await seedShop(deps)).toBe(false);
    const later = await listRoutes(deps);
    expect(later.find(({ id }) => id === "inventory")?.spec.description).toBe("Edited by a person");
    expect(later.find(({ id }) => id === "shop")).toBeUndefined();
  });

  it("stays away when all that was ever made has been removed again", async () => {
    const deps = { database: test.database };
    for (const { id, version } of await listRoutes(deps))
      await removeRoute(deps, { id, expectedVersion: version }, ada);
    expect(await seedShop(deps)).toBe(false);
    expect(await listRoutes(deps)).toEqual([]);
  });
});

describe("the shop's routes", () => {
  it("lead to every service of the shop but the backup, and divide inventory between its versions", () => {
    const reached = new Set(shopRoutes().flatMap(({ spec }) => spec.destinations.map(({ service }) => service)));
    expect([...reached].sort()).toEqual(SHOP_SERVICES.filter((service) => service !== "payments-backup").sort());
    const inventory = shopRoutes().find(({ id }) => id === "inventory");
    expect(inventory?.spec.destinations.map(({ labels, weight }) => [labels["version"], weight])).toEqual([
      ["1", 80],
      ["2", 20],
    ]);
  });
});
