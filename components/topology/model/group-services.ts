import type { TopologyNode } from "#domain/topology.ts";
import { HEALTH_RANK } from "../health-style.ts";

/** Many services drawn as one box. */
export interface ServiceGroup {
  /** `group:payments-`; `group:+` for the quietest of all. */
  readonly id: string;
  /** `payments-…`, `+143 more`. */
  readonly label: string;
  readonly note: string;
  /** The opened group that it is the rest of. */
  readonly parent: string | null;
  readonly members: readonly TopologyNode[];
  /** Members that are drawn in its box; none while it is closed. */
  readonly shown: readonly TopologyNode[];
}

export interface GroupRequest {
  readonly nodes: readonly TopologyNode[];
  readonly budget: number;
  readonly expanded: ReadonlySet<string>;
  readonly keep: ReadonlySet<string>;
  /** Who was among the quietest before: they stay there unless they became busy. */
  readonly quietBefore: ReadonlySet<string>;
}

/** Fewer that share the start of their name are no group: two boxes are as easy to read as one. */
const LEAST_MEMBERS = 3;

/**
 * Share of the budget that groups by name come down to: with no more of them than fit, half a team would be boxes of their
 * own beside the others' groups.
 */
const NAMED_SHARE = 1 / 2;

/** A box that is among the quietest changes places with another only when it is busier by this factor. */
const STAYS_FACTOR = 2;

interface Unit {
  readonly name: string;
  readonly members: readonly TopologyNode[];
}

/**
 * What of a mesh beyond the budget is drawn as one box: services that share the start of their name, largest groups
 * first, until half the budget is drawn; if there is still no room for all, the quietest. Those not well, and those that a person works with, stay
 * as they are. Nothing is left out: every service stands in the answer, or by itself.
 */
export function groupServices(request: GroupRequest): ServiceGroup[] {
  const { nodes, budget, expanded } = request;
  if (nodes.length <= budget) return [];
  const kept = keptOf(request);
  const free = nodes.filter((node) => node.kind !== "outside" && !kept.has(node.id));
  const { units, fits } = collapseByName(free, nodes.length, budget);
  const room = budget - (nodes.length - free.length) - 1;
  const quiet = fits ? [] : quietest(units, Math.max(0, room), request.quietBefore);
  const named = units.filter((unit) => unit.members.length > 1 && !quiet.includes(unit));
  const rest = quiet.flatMap(({ members }) => members);
  return [
    ...named.flatMap((unit) =>
      withRest(`group:${unit.name}`, `${unit.name}…`, unit.members, null, { budget, expanded }),
    ),
    ...(rest.length === 0
      ? []
      : withRest("group:+", `+${rest.length.toString()} more`, rest, null, { budget, expanded })),
  ];
}

function keptOf({ nodes, budget, expanded, keep }: GroupRequest): ReadonlySet<string> {
  const sick = nodes
    .filter((node) => node.health === "failing" || node.health === "degraded")
    .toSorted((a, b) => HEALTH_RANK[a.health] - HEALTH_RANK[b.health] || b.requestsPerSecond - a.requestsPerSecond)
    .slice(0, Math.floor(budget / 2));
  return new Set([
    ...sick.map(({ id }) => id),
    ...nodes.filter(({ id }) => keep.has(id) || expanded.has(id)).map(({ id }) => id),
  ]);
}

/** Start of a name that says what it belongs to: `payments-` of `payments-api`, `com.shop.` of `com.shop.Orders`. */
function nameStart(name: string): string {
  const dot = name.lastIndexOf(".");
  if (dot > 0) return name.slice(0, dot + 1);
  return /^[^-_]+[-_]/u.exec(name)?.[0] ?? "";
}

function collapseByName(
  free: readonly TopologyNode[],
  drawn: number,
  budget: number,
): { readonly units: readonly Unit[]; readonly fits: boolean } {
  const byStart = Map.groupBy(free, (node) => nameStart(node.name));
  const candidates = [...byStart]
    .filter(([start, members]) => start !== "" && members.length >= LEAST_MEMBERS)
    .toSorted(([a, some], [b, others]) => others.length - some.length || (a < b ? -1 : 1));
  const collapsed: Unit[] = [];
  let left = drawn;
  for (const [name, members] of candidates) {
    if (left <= budget * NAMED_SHARE) break;
    collapsed.push({ name, members });
    left -= members.length - 1;
  }
  const taken = new Set(collapsed.flatMap(({ members }) => members.map(({ id }) => id)));
  const singles = free.filter(({ id }) => !taken.has(id)).map((node) => ({ name: node.name, members: [node] }));
  return { units: [...collapsed, ...singles], fits: left <= budget };
}

/** All but the `room` busiest. */
function quietest(units: readonly Unit[], room: number, quietBefore: ReadonlySet<string>): readonly Unit[] {
  const ranked = units.map((unit) => {
    const wasQuiet = unit.members.every(({ id }) => quietBefore.has(id));
    const rate = unit.members.reduce((sum, { requestsPerSecond }) => sum + requestsPerSecond, 0);
    return { unit, wasQuiet, rate: wasQuiet ? rate / STAYS_FACTOR : rate };
  });
  return ranked
    .toSorted(
      (a, b) => b.rate - a.rate || Number(a.wasQuiet) - Number(b.wasQuiet) || (a.unit.name < b.unit.name ? -1 : 1),
    )
    .slice(room)
    .map(({ unit }) => unit);
}

/** A group; opened and still too large, with a group of its own for the rest. */
function withRest(
  id: string,
  label: string,
  members: readonly TopologyNode[],
  parent: string | null,
  request: Pick<GroupRequest, "budget" | "expanded">,
): ServiceGroup[] {
  const note = `${members.length.toString()} services`;
  if (!request.expanded.has(id)) return [{ id, label, note, parent, members, shown: [] }];
  const busiest = members.toSorted((a, b) => b.requestsPerSecond - a.requestsPerSecond || (a.name < b.name ? -1 : 1));
  const shown = members.length <= request.budget ? members : busiest.slice(0, request.budget);
  const rest = members.length <= request.budget ? [] : busiest.slice(request.budget);
  return [
    { id, label, note, parent, members, shown },
    ...(rest.length === 0 ? [] : withRest(`${id}+`, `+${rest.length.toString()} more`, rest, id, request)),
  ];
}
