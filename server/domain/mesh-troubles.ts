import type { LivePicture } from "./live.ts";
import type { OverrideSpec } from "./override.ts";
import { plumbingTroubles } from "./plumbing-troubles.ts";
import { serviceTrouble } from "./service-trouble.ts";
import type { ServicePolicySpec } from "./service-policy.ts";
import { RANK, type ServiceView } from "./service-view.ts";
import type { TopologyEdge, TopologyNode } from "./topology.ts";
import { compareSeverity, impactOf, type Trouble } from "./trouble.ts";

/** What people set, beside the live picture. */
export interface TroubleSources {
  readonly overrides: readonly OverrideSpec[];
  /** What is set for the instances of a service, by its name. */
  readonly settings: ReadonlyMap<string, ServicePolicySpec["instances"]>;
  /** Policy keys of objects whose nodes somebody else changed. */
  readonly driftedKeys: ReadonlySet<string>;
}

export const NO_SOURCES: TroubleSources = { overrides: [], settings: new Map(), driftedKeys: new Set() };

/**
 * What is wrong now, worst first, each cause once: everything about one service is one trouble, and a service that only
 * fails because of one it calls stands under that one.
 */
export function meshTroubles(picture: LivePicture, sources: TroubleSources = NO_SOURCES): readonly Trouble[] {
  const services = viewsOf(picture, sources).flatMap((view) => serviceTrouble(view) ?? []);
  return [...foldCallers(services, picture), ...plumbingTroubles(picture, sources.driftedKeys)].toSorted(
    compareTroubles,
  );
}

/** Worst first: by severity; then who cannot be believed or reached at all; then by harm done. */
function compareTroubles(a: Trouble, b: Trouble): number {
  return (
    compareSeverity(a, b) ||
    classOf(a) - classOf(b) ||
    impactOf(b) - impactOf(a) ||
    a.rank - b.rank ||
    (a.id < b.id ? -1 : 1)
  );
}

/** Of equally severe ones: what blinds the console first, then what calls meet, then what edits meet. */
export function classOf({ id }: Trouble): number {
  if (id === "gateways") return 0;
  return id.startsWith("service:") ? 1 : id.startsWith("gateway:") ? 2 : 3;
}

function viewsOf(picture: LivePicture, { overrides, settings }: TroubleSources): ServiceView[] {
  const nodes = new Map(
    picture.topology.nodes.filter(({ kind }) => kind === "service").map((node) => [node.name, node]),
  );
  const services = new Map(picture.services.map((service) => [service.name, service]));
  const callsTo = Map.groupBy(picture.topology.edges, ({ to }) => to);
  const breakers = Map.groupBy(picture.breakers, ({ service }) => service);
  const commands = Map.groupBy(picture.hystrix, ({ service }) => service);
  const held = Map.groupBy(overrides, ({ target }) => target.service);
  const names = new Set([...nodes.keys(), ...services.keys(), ...breakers.keys(), ...commands.keys(), ...held.keys()]);
  return [...names].map((name) => ({
    name,
    node: nodes.get(name) ?? null,
    callsTo: callsTo.get(`service:${name}`) ?? [],
    breakers: breakers.get(name) ?? [],
    jvmCommands: commands.get(name) ?? [],
    service: services.get(name) ?? null,
    overrides: held.get(name) ?? [],
    settings: settings.get(name) ?? {},
    registryUp: picture.links.zookeeper.state === "up",
    atMs: picture.atMs,
  }));
}

/** Share of a service's failures that one it calls has to account for before the one is told of under the other. */
const ACCOUNTED = 0.5;

function foldCallers(troubles: readonly Trouble[], { topology }: LivePicture): Trouble[] {
  const byId = new Map(troubles.map((trouble) => [trouble.id, trouble]));
  const nodes = new Map(topology.nodes.map((node) => [node.id, node]));
  const calls = Map.groupBy(
    topology.edges.filter(({ configuredOnly }) => !configuredOnly),
    ({ from }) => from,
  );
  const causes = new Map<string, string>();
  for (const trouble of troubles) {
    const node = nodes.get(trouble.id);
    const cause =
      node === undefined || !isOnlyFailing(trouble) ? null : causeAmong(calls.get(trouble.id) ?? [], node, byId);
    if (cause !== null) causes.set(trouble.id, cause);
  }
  const roots = new Map(troubles.filter(({ id }) => rootOf(id, causes) === id).map((trouble) => [trouble.id, trouble]));
  for (const trouble of troubles) {
    const root = roots.get(rootOf(trouble.id, causes));
    if (root === undefined || root.id === trouble.id) continue;
    const consequence = `${trouble.title}, as it calls ${nameOf(causes.get(trouble.id) ?? "")}. ${trouble.why}`;
    roots.set(root.id, { ...root, consequences: [...root.consequences, consequence] });
  }
  return [...roots.values()];
}

/** Nothing about it is known but that its answers are errors. */
function isOnlyFailing({ rank }: Trouble): boolean {
  return rank === RANK.failing || rank === RANK.degraded;
}

/** The troubled service whose errors account for most of the node's own; null when none does for enough of them. */
function causeAmong(
  calls: readonly TopologyEdge[],
  node: TopologyNode,
  troubles: ReadonlyMap<string, Trouble>,
): string | null {
  const own = node.requestsPerSecond * node.errorRatio;
  const errorsOf = (edge: TopologyEdge): number => edge.requestsPerSecond * edge.errorRatio;
  const [most] = calls
    .filter(({ to }) => to !== node.id && troubles.has(to) && troubles.get(to)?.severity !== "note")
    .toSorted((a, b) => errorsOf(b) - errorsOf(a));
  return most === undefined || own === 0 || errorsOf(most) < own * ACCOUNTED ? null : most.to;
}

/** Follows causes to the one without a further cause; services that blame each other keep their own. */
function rootOf(id: string, causes: ReadonlyMap<string, string>): string {
  const seen = new Set<string>();
  let at = id;
  for (let next = causes.get(at); next !== undefined; next = causes.get(at)) {
    if (seen.has(next)) return id;
    seen.add(next);
    at = next;
  }
  return at;
}

function nameOf(id: string): string {
  return id.replace(/^service:/, "");
}
