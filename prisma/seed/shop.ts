import { edit, type ControlDeps } from "#control/edit.ts";
import { putPolicy } from "#control/put-policy.ts";
import { findPolicy, readDocuments } from "#db/policy-repository.ts";
import type { Actor } from "#domain/audit.ts";
import { BreakerPolicySpec, breakerTargetId } from "#domain/breaker-policy.ts";
import { MeshError } from "#domain/errors.ts";
import { RouteSpec } from "#domain/route.ts";
import { meshHost, SHOP_HOST, type ShopService } from "../../demo/shop-map.ts";

const SEED_ACTOR: Actor = { kind: "system", id: "demo", name: "Demo" };

/** Services that others call by name, each through an egress route of the same name. */
const CALLED_SERVICES = ["catalog", "cart", "orders", "payments"] as const satisfies readonly ShopService[];

/** Routes of the demo shop: one for visitors, one for each service that others call. */
export function shopRoutes(): readonly { readonly id: string; readonly spec: RouteSpec }[] {
  const any = [{}];
  return [
    {
      id: "shop",
      spec: RouteSpec.parse({
        description: "The demo shop, for visitors.",
        listeners: ["edge"],
        hosts: [SHOP_HOST],
        matches: any,
        destinations: [{ service: "storefront", weight: 100 }],
      }),
    },
    ...CALLED_SERVICES.map((service) => ({
      id: service,
      spec: RouteSpec.parse({
        description: `Calls of the shop's services to ${service}.`,
        listeners: ["egress"],
        hosts: [meshHost(service)],
        matches: any,
        destinations: [{ service, weight: 100 }],
      }),
    })),
    {
      id: "inventory",
      spec: RouteSpec.parse({
        description: "Calls of the shop's services to inventory; version 2 is on trial.",
        listeners: ["egress"],
        hosts: [meshHost("inventory")],
        matches: any,
        destinations: [
          { service: "inventory", labels: { version: "1" }, weight: 80 },
          { service: "inventory", labels: { version: "2" }, weight: 20 },
        ],
      }),
    },
  ];
}

/**
 * Timeouts of the services that call others, ms: each longer than those of the calls it waits for, or a slow payment
 * would count against everybody above it.
 */
const CALLER_TIMEOUTS_MS = { catalog: 2000, cart: 3000, orders: 4000, storefront: 6000 } as const;

/** Payments has a backup that serves when its breaker refuses; callers have the patience they need. */
function shopBreakerPolicies(): BreakerPolicySpec[] {
  return [
    BreakerPolicySpec.parse({
      target: { kind: "service", service: "payments" },
      settings: { timeoutMs: 1000, requestVolumeThreshold: 20, errorThresholdPercent: 50, sleepWindowMs: 5000 },
      fallbacks: [{ kind: "service", service: "payments-backup" }],
    }),
    ...Object.entries(CALLER_TIMEOUTS_MS).map(([service, timeoutMs]) =>
      BreakerPolicySpec.parse({ target: { kind: "service", service }, settings: { timeoutMs } }),
    ),
  ];
}

/**
 * Makes the shop's routes and breaker policies, all in one revision, in a database that never held any policy: what a
 * person changed or removed is never made again.
 * @returns whether it made them.
 * @throws MeshError DATABASE_DOWN.
 */
export async function seedShop(deps: ControlDeps, actor: Actor = SEED_ACTOR): Promise<boolean> {
  const everWritten = await deps.database.read((db) => readDocuments(db, "", 0));
  if (everWritten.length > 0) return false;
  try {
    await edit(deps, actor, async (step) => {
      for (const { id, spec } of shopRoutes()) {
        const found = await findPolicy(step.tx, "routes", id);
        // Somebody was faster between our look and this transaction.
        if (found.version > 0) throw new MeshError("ALREADY_EXISTS");
        putPolicy(step, {
          kind: "routes",
          id,
          spec,
          found,
          action: "route.create",
          summary: `Created route ${id} of the demo shop`,
        });
      }
      for (const policy of shopBreakerPolicies()) {
        const id = breakerTargetId(policy.target);
        const found = await findPolicy(step.tx, "breakers", id);
        putPolicy(step, {
          kind: "breakers",
          id,
          spec: policy,
          found,
          action: "breaker-policy.save",
          summary: `Saved breaker policy ${id} of the demo shop`,
        });
      }
    });
    return true;
  } catch (error) {
    if (error instanceof MeshError && error.code === "ALREADY_EXISTS") return false;
    throw error;
  }
}
