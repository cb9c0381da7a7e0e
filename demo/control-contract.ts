import { join } from "node:path";
import { z } from "zod";
import { SHOP_SERVICES } from "./shop-map.ts";

/** File by which the switch finds a running demo. */
export function controlFile(dataDir: string): string {
  return join(dataDir, "demo.json");
}

/** What the file holds. The token keeps web pages and other users away from the control port. */
export const ControlAddress = z.object({ pid: z.int(), port: z.int(), token: z.string().min(16) });
export type ControlAddress = z.infer<typeof ControlAddress>;

/** What can be asked of a running demo. */
export const ControlOrder = z.discriminatedUnion("order", [
  z.object({ order: z.literal("status") }),
  z.object({ order: z.literal("break"), service: z.enum(SHOP_SERVICES) }),
  z.object({ order: z.literal("slow"), service: z.enum(SHOP_SERVICES) }),
  /** Visits a second, evenly spread; null: the wave that the demo starts with. */
  z.object({ order: z.literal("load"), perSecond: z.number().min(0).max(500).nullable() }),
  /** Without a service: all of them. */
  z.object({ order: z.literal("heal"), service: z.enum(SHOP_SERVICES).optional() }),
]);
export type ControlOrder = z.infer<typeof ControlOrder>;

/** How the demo is after the order. */
export const DemoStatus = z.object({
  services: z.array(
    z.object({
      service: z.enum(SHOP_SERVICES),
      trouble: z.enum(["break", "slow"]).nullable(),
      instances: z.array(z.string()),
    }),
  ),
  load: z.object({
    peakPerSecond: z.number(),
    sent: z.int(),
    succeeded: z.int(),
    failed: z.int(),
    unanswered: z.int(),
    leftOut: z.int(),
    inFlight: z.int(),
  }),
});
export type DemoStatus = z.infer<typeof DemoStatus>;
