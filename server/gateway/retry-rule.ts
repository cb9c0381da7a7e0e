import type { RetryBudget } from "#domain/retry-budget.ts";
import type { Retry } from "#domain/route-actions.ts";

/** A route's retries, ready for requests. */
export interface RetryRule {
  /** Tries after the first. */
  readonly retries: number;
  readonly onConnectFailure: boolean;
  /** Also when a try's own time was over. */
  readonly onReset: boolean;
  /** Null: no status is retried. */
  readonly statuses: ReadonlySet<number> | null;
  readonly anyMethod: boolean;
  readonly perTryTimeoutMs: number | null;
  readonly backoffMs: number;
  readonly budgetPercent: number;
  /** Carries on across snapshots. */
  readonly budget: RetryBudget;
}

/** Methods that may be sent twice, RFC 9110 §9.2.2. */
const IDEMPOTENT = new Set(["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"]);

export function compileRetry(spec: Retry, budget: RetryBudget): RetryRule {
  const { retries, on, statuses, anyMethod, perTryTimeoutMs, backoffMs, budgetPercent } = spec;
  return {
    retries,
    onConnectFailure: on.includes("connect-failure"),
    onReset: on.includes("reset"),
    statuses: on.includes("status") && statuses.length > 0 ? new Set(statuses) : null,
    anyMethod,
    perTryTimeoutMs,
    backoffMs,
    budgetPercent,
    budget,
  };
}

/** Whether a request may be sent again although a service has had it. */
export function mayRepeat({ anyMethod, onReset, statuses }: RetryRule, method: string): boolean {
  return (onReset || statuses !== null) && (anyMethod || IDEMPOTENT.has(method));
}
