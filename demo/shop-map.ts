/** The shop's services, in the order they are started: whoever is called comes before who calls. */
export const SHOP_SERVICES = [
  "inventory",
  "payments",
  "payments-backup",
  "catalog",
  "cart",
  "orders",
  "storefront",
] as const;
export type ShopService = (typeof SHOP_SERVICES)[number];

/** Services that call others, hence need an egress listener each. */
export const SHOP_CALLERS = ["storefront", "catalog", "cart", "orders"] as const satisfies readonly ShopService[];

/** Host of the shop on the edge listener. */
export const SHOP_HOST = "shop.localhost";

/** Host by which one service calls another through its egress listener. */
export function meshHost(service: ShopService): string {
  return `${service}.mesh`;
}

/** One running server of the shop. */
export interface ShopInstance {
  readonly service: ShopService;
  /** Registered id; the same after a restart, so that a person recognises it. */
  readonly id: string;
  readonly version: string;
  readonly zone: string;
  /** Fastest answer and slowest of the usual ones, ms; without the calls it makes. */
  readonly latencyMs: readonly [number, number];
}

export const SHOP_INSTANCES: readonly ShopInstance[] = [
  { service: "inventory", id: "inventory-v1-a", version: "1", zone: "a", latencyMs: [3, 18] },
  { service: "inventory", id: "inventory-v1-b", version: "1", zone: "b", latencyMs: [3, 20] },
  { service: "inventory", id: "inventory-v2-a", version: "2", zone: "a", latencyMs: [2, 9] },
  { service: "payments", id: "payments-a", version: "1", zone: "a", latencyMs: [12, 45] },
  { service: "payments", id: "payments-b", version: "1", zone: "b", latencyMs: [12, 50] },
  { service: "payments-backup", id: "payments-backup-a", version: "1", zone: "a", latencyMs: [25, 80] },
  { service: "catalog", id: "catalog-a", version: "1", zone: "a", latencyMs: [2, 12] },
  { service: "catalog", id: "catalog-b", version: "1", zone: "b", latencyMs: [2, 14] },
  { service: "cart", id: "cart-a", version: "1", zone: "a", latencyMs: [2, 10] },
  { service: "orders", id: "orders-a", version: "1", zone: "a", latencyMs: [4, 22] },
  { service: "storefront", id: "storefront-a", version: "1", zone: "a", latencyMs: [2, 8] },
];

/** True when `name` is one of the shop's services. */
export function isShopService(name: string): name is ShopService {
  return SHOP_SERVICES.some((service) => service === name);
}
