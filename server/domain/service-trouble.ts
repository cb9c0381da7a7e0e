import { breakerFacts, breakerPlaces } from "./breaker-trouble.ts";
import { instanceFacts, START_ONE } from "./instance-trouble.ts";
import type { FleetBreaker } from "./live.ts";
import { hasExpired, modeInWords, scopeInWords, targetInWords } from "./override.ts";
import { RANK, type ServiceView } from "./service-view.ts";
import { count, troubleOf, type Affected, type Trouble, type TroubleFact } from "./trouble.ts";

/** An override that ends within this time is told of, ms. */
const ENDS_SOON_MS = 5 * 60_000;

/** What is wrong with one service, all of it in one; null when nothing is. */
export function serviceTrouble(view: ServiceView): Trouble | null {
  const causes = [...instanceFacts(view), ...breakerFacts(view)];
  const explained = causes.some(({ severity, rank }) => severity !== "note" && rank < RANK.instancesOut);
  const facts = [
    ...causes,
    ...(explained ? [] : healthFacts(view)),
    ...jvmFacts(view),
    ...backupFacts(view),
    ...overrideFacts(view),
  ];
  return troubleOf(`service:${view.name}`, [...facts, ...fallbackFacts(view, facts)], affectedBy(view));
}

function healthFacts({ name, node, service, registryUp }: ServiceView): TroubleFact[] {
  if (node === null || (node.health !== "failing" && node.health !== "degraded")) return [];
  const failing = node.health === "failing";
  return [
    {
      severity: failing ? "bad" : "warn",
      rank: failing ? RANK.failing : RANK.degraded,
      title: `${name} is ${node.health}`,
      why: node.healthReason,
      sinceMs: null,
      advice:
        registryUp && (service?.instances ?? []).length === 0
          ? START_ONE
          : "See which instance, version or route the failures come from.",
      places: [
        { kind: "service", name },
        { kind: "topology", select: `service:${name}` },
      ],
    },
  ];
}

function jvmFacts({ name, jvmCommands }: ServiceView): TroubleFact[] {
  const open = jvmCommands.filter(({ instances }) => instances.some(({ state }) => state === "open"));
  return open.slice(0, 1).map((first) => {
    const at = first.instances.filter(({ state }) => state === "open").length;
    const others =
      open.length > 1
        ? ` So ${open.length === 2 ? "is 1 more command" : `are ${open.length - 1} more commands`} of it.`
        : "";
    return {
      severity: "warn",
      rank: RANK.jvm,
      title: `${name}: its own Hystrix circuit ${first.name} is open`,
      why: `At ${at} of ${count(first.instances.length, "instance")}, by its own stream.${others}`,
      sinceMs: null,
      advice: "This circuit is inside the service; look at what that command calls.",
      places: [
        { kind: "jvm-command", key: first.key },
        { kind: "service", name },
      ],
    };
  });
}

function backupFacts(view: ServiceView): TroubleFact[] {
  const doubtful = view.breakers.flatMap((breaker) =>
    breaker.outlooks.filter(({ verdict }) => verdict === "too-small").map((outlook) => ({ breaker, outlook })),
  );
  const byBackup = [...Map.groupBy(doubtful, ({ outlook }) => outlook.service).values()];
  return byBackup.flatMap(([first]) =>
    first === undefined
      ? []
      : [
          {
            severity: "warn" as const,
            rank: RANK.backup,
            title: `${view.name}: its backup ${first.outlook.service} would not hold`,
            why: first.outlook.words,
            sinceMs: null,
            advice: `Give ${first.outlook.service} more instances or a larger limit before it is needed.`,
            places: [
              { kind: "breaker" as const, key: first.breaker.key },
              { kind: "service" as const, name: first.outlook.service },
            ],
          },
        ],
  );
}

/** Fallbacks that answer are trouble by themselves only when nothing else says why they do. */
function fallbackFacts(view: ServiceView, known: readonly TroubleFact[]): TroubleFact[] {
  if (fallbackPerSecond(view.breakers) === 0 || known.some(({ severity }) => severity !== "note")) return [];
  return [
    {
      severity: "warn",
      rank: RANK.fallback,
      title: `${view.name}: fallbacks answer for it`,
      why: "Some of its calls failed or were refused, and were answered otherwise.",
      sinceMs: null,
      advice: "Its callers notice little; see why its own answers fail.",
      places: breakerPlaces(view, view.breakers),
    },
  ];
}

function overrideFacts({ name, overrides, atMs }: ServiceView): TroubleFact[] {
  return overrides
    .filter((spec) => !hasExpired(spec, atMs))
    .flatMap((spec): TroubleFact[] => {
      const endless = spec.expiresAtMs === null;
      const soon = spec.expiresAtMs !== null && spec.expiresAtMs - atMs < ENDS_SOON_MS;
      if (!endless && !soon) return [];
      const words = `${modeInWords(spec)}: ${targetInWords(spec.target)}, ${scopeInWords(spec.scope)}`;
      return [
        {
          severity: "note",
          rank: RANK.override,
          title: endless ? `${words}, has no end` : `${words}, ends within 5 min`,
          why: `Set by ${spec.actor}: “${spec.reason}”.`,
          sinceMs: spec.createdAtMs,
          advice: endless
            ? "Put it back to automatic when it is no longer needed."
            : "Extend it if it is still needed.",
          places: [{ kind: "service", name }],
        },
      ];
    });
}

/** Fallbacks served per second over the last seconds. */
function fallbackPerSecond(breakers: readonly FleetBreaker[]): number {
  return breakers.reduce((sum, { history }) => {
    const recent = history.slice(-10);
    return (
      sum +
      (recent.length === 0 ? 0 : recent.reduce((all, { fallbackServed }) => all + fallbackServed, 0) / recent.length)
    );
  }, 0);
}

function affectedBy({ node, callsTo, breakers }: ServiceView): Affected | null {
  const offered = breakers.reduce((sum, { offeredPerSecond }) => sum + offeredPerSecond, 0);
  const requestsPerSecond = Math.max(node?.requestsPerSecond ?? 0, offered);
  if (requestsPerSecond === 0) return null;
  const answered = Math.min(fallbackPerSecond(breakers), requestsPerSecond);
  const failed = (node?.requestsPerSecond ?? 0) * (node?.errorRatio ?? 0);
  const flowing = callsTo.filter(({ configuredOnly }) => !configuredOnly);
  const byRate = flowing.toSorted((a, b) => b.requestsPerSecond - a.requestsPerSecond);
  return {
    requestsPerSecond,
    failingPerSecond: Math.max(0, failed - answered),
    fallbackPerSecond: answered,
    callers: [...new Set(byRate.map(({ from }) => from.replace(/^service:/, "")))],
  };
}
