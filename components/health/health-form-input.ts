import type { z } from "zod";
import type { HealthPolicySpec } from "#domain/health-policy.ts";

/** What the fields hold, before it is checked. */
export type HealthFormInput = z.input<typeof HealthPolicySpec>;
