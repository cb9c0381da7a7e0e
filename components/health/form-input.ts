import type { z } from "zod";
import type { HealthPolicySpec } from "#domain/health-policy.ts";

/** What the form holds: the policy as it is typed. */
export type HealthFormInput = z.input<typeof HealthPolicySpec>;
