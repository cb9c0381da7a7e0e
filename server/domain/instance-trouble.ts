import type { LiveService } from "./live.ts";
import { modeOf } from "./override-reach.ts";
import { takesRequests } from "./takes-requests.ts";
import { settingInForce } from "./service-policy.ts";
import { RANK, type ServiceView } from "./service-view.ts";
import { count, listed, type TroubleFact, type TroublePlace } from "./trouble.ts";

/** What to do where nothing is registered. */
export const START_ONE = "Start an instance that registers, or lead the routes elsewhere.";

/** What is wrong with a service's instances. */
export function instanceFacts(view: ServiceView): TroubleFact[] {
  const registered = view.service?.instances ?? [];
  if (registered.length === 0) return [...absenceFacts(view), ...unreadableFacts(view)];
  const outs = registered.map((instance) => outOf(view, instance)).filter((out) => out !== null);
  const facts = outs.length === registered.length ? noneTakes(view, outs) : someOut(view, outs, registered.length);
  return [...facts, ...unreadableFacts(view)];
}

/** One instance that gets no new calls, and who decided that. */
interface Out {
  readonly id: string;
  readonly by: "gateway" | "person" | "itself";
  readonly word: string;
}

type Standing = LiveService["standings"][number];

function outOf({ service, settings, atMs }: ServiceView, instance: LiveService["instances"][number]): Out | null {
  const { id } = instance;
  const standings = (service?.standings ?? []).filter((standing) => standing.instance === id);
  const mode = (standing: Standing) => modeOf(standing, atMs);
  if (standings.some((standing) => mode(standing) === "forced-open")) return { id, by: "person", word: "forced out" };
  if (!takesRequests(settings, instance)) {
    const { drained, weight } = settingInForce(settings, instance);
    if (drained || weight === 0) return { id, by: "person", word: drained ? "drained" : "without weight" };
    return {
      id,
      by: "itself",
      word: instance.presence === "leaving" ? "leaving" : "takes no traffic, by what it says",
    };
  }
  const free = standings.filter((standing) => mode(standing) !== "forced-closed");
  if (free.some(({ ejectedUntilMs }) => ejectedUntilMs !== null && ejectedUntilMs > atMs))
    return { id, by: "gateway", word: "ejected for its failures" };
  return free.some(({ health }) => health === "unhealthy")
    ? { id, by: "gateway", word: "fails its health check" }
    : null;
}

/** So many of its calls fail at least where nothing is there to answer them. */
const MISSED_RATIO = 0.5;

function absenceFacts({ name, node, callsTo, service, registryUp }: ServiceView): TroubleFact[] {
  // Nothing leads to it, so nobody misses it; and a registry that is not read may hold it.
  if (!registryUp || callsTo.length === 0 || node === null) return [];
  // Calls that are answered well speak against the registry: something else that is wrong with it comes first then.
  const isMissed = node.requestsPerSecond > 0 && node.errorRatio >= MISSED_RATIO;
  const last = service?.departed.toSorted((a, b) => b.atMs - a.atMs)[0];
  const routes = [...new Set(callsTo.flatMap((edge) => edge.routes))].sort();
  const led =
    routes.length === 0
      ? "calls are expected"
      : `${routes.length === 1 ? "route" : "routes"} ${listed(routes)} ${routes.length === 1 ? "leads" : "lead"} to it`;
  return [
    {
      severity: isMissed ? "bad" : "warn",
      rank: RANK.noInstance,
      title: `${name} has no instance`,
      why:
        last === undefined
          ? `Nothing is registered under this name, and ${led}.`
          : `The last one, ${last.id}, has left the registry, and ${led}.`,
      sinceMs: last?.atMs ?? null,
      advice: START_ONE,
      places: [
        { kind: "service", name },
        { kind: "topology", select: `service:${name}` },
      ],
    },
  ];
}

function noneTakes({ name, node, callsTo }: ServiceView, outs: readonly Out[]): TroubleFact[] {
  const isMissed = (node?.requestsPerSecond ?? 0) > 0;
  if (!isMissed && callsTo.length === 0) return [];
  const one = outs.length === 1;
  return [
    {
      severity: isMissed ? "bad" : "warn",
      rank: RANK.noInstance,
      title: one
        ? `${name}: its only instance takes no calls`
        : `${name}: none of its ${outs.length} instances takes calls`,
      why: `${capital(wordsOf(outs))}.`,
      sinceMs: null,
      advice: outs.some(({ by }) => by === "person")
        ? "Put drained instances back, or start others."
        : "See why its instances fail; start others meanwhile.",
      places: placesOf(name),
    },
  ];
}

function someOut({ name }: ServiceView, outs: readonly Out[], all: number): TroubleFact[] {
  const byGateways = outs.filter(({ by }) => by === "gateway");
  const byChoice = outs.filter(({ by }) => by !== "gateway");
  const facts: TroubleFact[] = [];
  if (byGateways.length > 0)
    facts.push({
      severity: "warn",
      rank: RANK.instancesOut,
      title: `${name}: ${byGateways.length} of ${count(all, "instance")} ${byGateways.length === 1 ? "is" : "are"} out`,
      why: `${capital(wordsOf(byGateways))}: ${listed(byGateways.map(({ id }) => id))}. The others take its calls.`,
      sinceMs: null,
      advice: "It comes back by itself when it is well; see what it answers.",
      places: placesOf(name),
    });
  if (byChoice.length > 0)
    facts.push({
      severity: "note",
      rank: RANK.instancesOut,
      title: `${name}: ${byChoice.length} of ${count(all, "instance")} ${byChoice.length === 1 ? "is" : "are"} set aside`,
      why: `${capital(wordsOf(byChoice))}: ${listed(byChoice.map(({ id }) => id))}.`,
      sinceMs: null,
      advice: "Put it back when the work is done.",
      places: placesOf(name),
    });
  return facts;
}

function unreadableFacts({ name, service }: ServiceView): TroubleFact[] {
  const unreadable = service?.unreadable ?? [];
  const [first] = unreadable;
  if (first === undefined) return [];
  return [
    {
      severity: "note",
      rank: RANK.unreadable,
      title: `${name}: ${count(unreadable.length, "registry entry", "registry entries")} cannot be read`,
      why: `${first.id === "" ? "The service's own folder" : first.id}: ${first.problem.replace(/[.]$/, "")}. What cannot be read gets no calls.`,
      sinceMs: null,
      advice: "See what registered it, and as what.",
      places: [{ kind: "service", name }],
    },
  ];
}

/** `2 ejected for their failures, 1 drained`. */
function wordsOf(outs: readonly Out[]): string {
  const groups = [...Map.groupBy(outs, ({ word }) => word)];
  if (groups.length === 1 && groups[0] !== undefined) return groups[0][0];
  return groups.map(([word, own]) => `${own.length} ${word}`).join(", ");
}

function placesOf(name: string): TroublePlace[] {
  return [
    { kind: "instances", service: name },
    { kind: "service", name },
  ];
}

function capital(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
