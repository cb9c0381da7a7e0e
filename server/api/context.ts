import type { Person } from "#domain/person.ts";
import type { HistoryDeps } from "#control/read-breaker-history.ts";
import type { SimulationDeps } from "#control/simulate-breaker.ts";
import type { Live } from "#telemetry/live.ts";
import type { ForceDeps } from "#control/force-breaker.ts";
import type { SurveyDeps } from "#control/survey-mesh.ts";
import type { TrafficHistory } from "#control/traffic-history.ts";
import type { VerifyDeps } from "#control/verify-audit.ts";

/** What procedures work with; made once by the composition root. */
export interface ApiDeps extends HistoryDeps, SimulationDeps, ForceDeps, SurveyDeps, VerifyDeps {
  readonly live: Live;
  readonly history: TrafficHistory;
}

/** One request's context. */
export interface ApiContext {
  readonly deps: ApiDeps;
  /**
   * The signed-in person behind this request, null when there is none.
   * @throws MeshError DATABASE_DOWN when that cannot be told now.
   */
  readonly person: () => Promise<Person | null>;
  /** Header `idempotency-key`, as it came; null when there is none. */
  readonly idempotencyKey: string | null;
}
