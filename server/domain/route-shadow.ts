import type { Candidate } from "./route-candidate.ts";
import { leadOf } from "./path-lead.ts";
import { contradictionIn, covers, meet } from "./route-cover.ts";
import { OUTSIDE } from "./traffic.ts";

/** A candidate that no request can come to. */
export interface Dead {
  readonly candidate: Candidate;
  /** For people: why no request meets it; null when others take them all. */
  readonly contradiction: string | null;
  /** The first that takes what it could; null with a contradiction. */
  readonly by: Candidate | null;
}

/** Two ways into different routes that nothing but age or name tells apart. */
export interface Tie {
  readonly first: Candidate;
  readonly second: Candidate;
}

/** Above this many that are much alike, not all are compared: then something may go unsaid, but nothing wrong is said. */
const MOST_COMPARED = 250;

/** Candidates that can never win, of all in order of precedence; never one that can. Those of disabled routes do not count. */
export function deadOf(inOrder: readonly Candidate[]): Dead[] {
  const dead: Dead[] = [];
  const earlier = new Map<string, Candidate[]>();
  for (const candidate of inOrder) {
    if (candidate.listeners === 0) continue;
    const contradiction = contradictionIn(candidate.match) ?? neverAtTheEdge(candidate);
    const by = contradiction === null ? takenBy(candidate, earlier) : null;
    if (contradiction !== null || by !== null) dead.push({ candidate, contradiction, by });
    else file(earlier, keyOf(candidate.host, leadOf(candidate.pathKind, candidate.pathText)), candidate);
  }
  return dead;
}

/** Ways into different routes with equal precedence that some request could take both of. */
export function tiesIn(inOrder: readonly Candidate[]): Tie[] {
  const ties: Tie[] = [];
  const alike = new Map<string, Candidate[]>();
  for (const second of inOrder) {
    const { specificity, host, pathKind, pathText } = second;
    // Templates with as many segments may take the same paths; others of equal precedence only when they are the same.
    const path = pathKind === "template" ? `${pathText.split("/").length}` : pathText;
    const key = `${specificity} ${host} ${pathKind} ${path}`;
    const [lead, ...above] = shorterLeads(leadOf(second.pathKind, second.pathText));
    // Of two that take the same path, one starts with segments that the other starts with too.
    const keys = [`${key} below ${lead}`, ...above.map((other) => `${key} at ${other}`)];
    const first = keys
      .flatMap((one) => alike.get(one) ?? [])
      .find((other) => other.route !== second.route && meet(other, second));
    if (first !== undefined) ties.push({ first, second });
    file(alike, `${key} at ${lead}`, second);
    for (const other of [lead, ...above]) file(alike, `${key} below ${other}`, second);
  }
  return ties;
}

function neverAtTheEdge({ route, match }: Candidate): string | null {
  const isEdgeOnly = route.spec.listeners.every((listener) => listener === "edge");
  return isEdgeOnly && match.callers.length > 0 && !match.callers.includes(OUTSIDE)
    ? "It is for calls from services, but offered on edge listeners only"
    : null;
}

/** What an earlier candidate that covers this one must be filed under: a host as wide or wider, and segments that its paths start with. */
function takenBy(candidate: Candidate, earlier: ReadonlyMap<string, readonly Candidate[]>): Candidate | null {
  let open = candidate.listeners;
  let by: Candidate | null = null;
  for (const host of widerHosts(candidate.host)) {
    for (const lead of shorterLeads(leadOf(candidate.pathKind, candidate.pathText))) {
      for (const other of earlier.get(keyOf(host, lead)) ?? []) {
        if ((other.listeners & open) === 0 || !covers(other, candidate)) continue;
        open &= ~other.listeners;
        by ??= other;
        if (open === 0) return by;
      }
    }
  }
  return null;
}

function widerHosts(host: string): string[] {
  const hosts = host === "" ? [""] : [host, ""];
  const plain = host.replace(/^\*\./, "");
  for (let dot = plain.indexOf("."); dot !== -1; dot = plain.indexOf(".", dot + 1)) hosts.push(`*${plain.slice(dot)}`);
  return hosts;
}

function shorterLeads(lead: string): string[] {
  const leads = [lead];
  for (let slash = lead.lastIndexOf("/"); slash !== -1; slash = lead.lastIndexOf("/", slash - 1)) {
    leads.push(lead.slice(0, slash));
    if (slash === 0) break;
  }
  return leads;
}

function keyOf(host: string, lead: string): string {
  return `${host} ${lead}`;
}

function file(files: Map<string, Candidate[]>, key: string, candidate: Candidate): void {
  const known = files.get(key);
  if (known === undefined) files.set(key, [candidate]);
  else if (known.length < MOST_COMPARED) known.push(candidate);
}
