import type { z } from "zod";
import type { BreakerPolicySpec } from "#domain/breaker-policy.ts";

/** A policy as it stands in the form: not checked yet. */
export type PolicyFormInput = z.input<typeof BreakerPolicySpec>;
export type SettingsInput = PolicyFormInput["settings"];
