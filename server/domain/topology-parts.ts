import { CallTally } from "./call-tally.ts";
import { judge } from "./health.ts";
import type { BindingThresholds } from "./health-policy.ts";
import type { Instance } from "./instance.ts";
import { countsIfErrors } from "./topology-edges.ts";
import type { TopologyIndex } from "./topology-index.ts";
import type { NodePart } from "./topology.ts";

interface PartSum {
  readonly sum: CallTally;
  /** What the registry holds of it; null for one that only answered calls. */
  instance: Instance | null;
  /** That of its calls. */
  subset: string;
}

/** What parts are judged by, as their service is. */
interface Measures {
  readonly thresholds: BindingThresholds;
  readonly timeoutMs: number | null;
}

/** Adds up calls by instance, for one service after the other. */
export class PartSums {
  /** Kept for the next service. */
  readonly #spare: PartSum[] = [];
  readonly #byId = new Map<string, PartSum>();

  /** Begins another service, with the instances that the registry holds. */
  begin(registered: readonly Instance[]): void {
    this.#byId.clear();
    for (const instance of registered) this.#take(instance.id).instance = instance;
  }

  /** Adds calls to an instance, registered or not. */
  add(id: string, subset: string, calls: CallTally): void {
    const part = this.#byId.get(id) ?? this.#take(id);
    part.sum.addSum(calls);
    if (part.subset === "") part.subset = subset;
  }

  /** Registered instances, and those that answered calls, by subset and id. */
  end(service: string, measures: Measures, index: TopologyIndex): NodePart[] {
    const parts: NodePart[] = [];
    for (const [id, part] of this.#byId) parts.push(partOf(id, part, service, measures, index));
    return parts.sort((a, b) => order(a.subset, b.subset) || order(a.instance, b.instance));
  }

  #take(id: string): PartSum {
    const part = (this.#spare[this.#byId.size] ??= { sum: new CallTally(), instance: null, subset: "" });
    part.sum.clear();
    part.instance = null;
    part.subset = "";
    this.#byId.set(id, part);
    return part;
  }
}

function partOf(
  id: string,
  { sum, instance, subset }: PartSum,
  service: string,
  { thresholds, timeoutMs }: Measures,
  index: TopologyIndex,
): NodePart {
  const errorRatio = sum.errorRatio();
  const p95Ms = sum.percentileMs(95);
  const { health, reason } = judge(
    { total: sum.total, errorRatio, counts: countsIfErrors(sum), p95Ms, timeoutMs, breaker: null, instances: null },
    thresholds,
  );
  return {
    subset: subset === "" && instance !== null ? index.subsetOf(service, instance.metadata) : subset,
    instance: id,
    serving: instance?.serving ?? false,
    requestsPerSecond: sum.requestsPerSecond(index.windowMs),
    errorRatio,
    p95Ms,
    health,
    healthReason: reason,
  };
}

const order = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
