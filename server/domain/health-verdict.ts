import type { HealthCheck } from "./service-policy.ts";

/** What active checks say of an instance. Nothing is known before enough of them agree; it is used until they say no. */
export interface HealthVerdict {
  readonly kind: "unknown" | "healthy" | "unhealthy";
  /** Checks in a row that said otherwise. */
  readonly against: number;
}

export const UNKNOWN_HEALTH: HealthVerdict = { kind: "unknown", against: 0 };

/** The verdict after one more check: a change takes as many in a row as the policy asks for. */
export function afterCheck(
  verdict: HealthVerdict,
  passed: boolean,
  settings: Pick<HealthCheck, "healthyAfter" | "unhealthyAfter">,
): HealthVerdict {
  if (verdict.kind === (passed ? "healthy" : "unhealthy"))
    return verdict.against === 0 ? verdict : { ...verdict, against: 0 };
  // From unknown, good news is believed at once: it is used already.
  if (verdict.kind === "unknown" && passed) return { kind: "healthy", against: 0 };
  const against = verdict.against + 1;
  if (against < (passed ? settings.healthyAfter : settings.unhealthyAfter)) return { ...verdict, against };
  return { kind: passed ? "healthy" : "unhealthy", against: 0 };
}
