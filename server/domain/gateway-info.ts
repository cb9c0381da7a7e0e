import { z } from "zod";
import { MAX_REVISION } from "./policy.ts";

/** What a gateway says of itself in its ephemeral node `<root>/gateways/<id>`. */
export const GatewayRegistration = z.object({
  id: z.string().min(1).max(128),
  /** Base URL of the admin listener, for the collector. */
  adminUrl: z.url(),
  edgeUrl: z.url(),
  version: z.string(),
  startedAtMs: z.int(),
});
export type GatewayRegistration = z.infer<typeof GatewayRegistration>;

/** A document a gateway could not accept; it keeps the previous value for that key. */
export const RefusedDocument = z.object({ key: z.string(), revision: z.int(), reason: z.string() });
export type RefusedDocument = z.infer<typeof RefusedDocument>;

/** Ephemeral node `<root>/acks/<id>`. */
export const Acknowledgement = z.object({
  gatewayId: z.string(),
  incarnation: z.string(),
  revision: z.int().min(0).max(MAX_REVISION),
  root: z.string(),
  refused: z.array(RefusedDocument),
  /** Unix epoch, ms, by the gateway's clock. */
  appliedAtMs: z.int(),
});
export type Acknowledgement = z.infer<typeof Acknowledgement>;
