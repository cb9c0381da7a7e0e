import { judge, type HealthFacts } from "./health.ts";
import { thresholdsBy, type BindingThresholds, type HealthPolicySpec } from "./health-policy.ts";
import type { LivePicture } from "./live.ts";
import type { Health, TopologyNode } from "./topology.ts";

/** What of the live picture it is read from. */
export type JudgedPicture = Pick<LivePicture, "topology" | "windowMs" | "breakers" | "services">;

/** How a service would be judged, and is. */
export interface HealthShift {
  readonly id: string;
  readonly name: string;
  readonly from: Health;
  readonly to: Health;
  /** Sentence that explains `to`. */
  readonly reason: string;
}

/** What other thresholds would make of the mesh as it is now. */
export interface HealthOutlook {
  /** Services, and the world outside, by health. */
  readonly now: Readonly<Record<Health, number>>;
  readonly drafted: Readonly<Record<Health, number>>;
  /** Those that would be judged otherwise; the worst of them first, by name among equals. */
  readonly shifts: readonly HealthShift[];
}

const WORST_FIRST: readonly Health[] = ["failing", "degraded", "healthy", "idle"];

/**
 * Judges the mesh as it is now by `saved` and by `draft`, with the very rules of the live picture. Figures of the picture
 * are to three digits, which is all that this can differ by.
 */
export function healthOutlook(picture: JudgedPicture, saved: HealthPolicySpec, draft: HealthPolicySpec): HealthOutlook {
  const facts = factsBy(picture);
  const [before, after] = [verdictsBy(saved), verdictsBy(draft)];
  const now = { failing: 0, degraded: 0, healthy: 0, idle: 0 };
  const drafted = { ...now };
  const shifts: HealthShift[] = [];
  for (const node of picture.topology.nodes) {
    if (node.kind === "caller") continue;
    const given = facts(node);
    const { health: from } = judge(given, before(node));
    const { health: to, reason } = judge(given, after(node));
    now[from] += 1;
    drafted[to] += 1;
    if (from !== to) shifts.push({ id: node.id, name: node.name, from, to, reason });
  }
  return { now, drafted, shifts: shifts.sort(worstFirst) };
}

function worstFirst(a: HealthShift, b: HealthShift): number {
  return WORST_FIRST.indexOf(a.to) - WORST_FIRST.indexOf(b.to) || (a.name < b.name ? -1 : 1);
}

function verdictsBy(policy: HealthPolicySpec): (node: TopologyNode) => BindingThresholds {
  const find = thresholdsBy(policy);
  return ({ kind, name }) => (kind === "outside" ? { ...policy.thresholds, by: "" } : find(name));
}

/** What each node's verdict goes by, as far as the picture says. */
function factsBy({ breakers, services, windowMs }: JudgedPicture): (node: TopologyNode) => HealthFacts {
  const timeouts = new Map<string, number>();
  for (const { service, gateways } of breakers) {
    for (const { reading } of gateways) {
      const { timeoutMs } = reading.thresholds;
      timeouts.set(service, Math.min(timeouts.get(service) ?? timeoutMs, timeoutMs));
    }
  }
  const registered = new Map(services.map(({ name, instances }) => [name, instances.length]));
  return (node) => {
    const total = Math.round((node.requestsPerSecond * windowMs) / 1000);
    const isService = node.kind === "service";
    return {
      total,
      errorRatio: node.errorRatio,
      counts: null,
      p95Ms: node.p95Ms,
      timeoutMs: isService ? (timeouts.get(node.name) ?? null) : null,
      breaker: node.breaker,
      instances:
        !isService || (node.instances === null && total > 0)
          ? null
          : {
              registered: registered.get(node.name) ?? 0,
              serving: node.instances ?? 0,
              // Without calls or instances, only what is wanted is worse than idle.
              wanted: total === 0 && node.health === "degraded",
            },
    };
  };
}
