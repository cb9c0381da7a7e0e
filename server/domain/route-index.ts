import { childOf, EMPTY_TRIE, NOWHERE, ROOT, TrieDraft, type FlatTrie, type TrieNode } from "./flat-trie.ts";
import { leadOf } from "./path-lead.ts";
import { parameterOf } from "./path-pattern.ts";
import { obstacleOf, type Candidate, type MatchRequest } from "./route-candidate.ts";
import { inOrder } from "./route-precedence.ts";

/**
 * Candidates in a trie: the labels of the host from the last to the first; how the host ends there; the kind of path; the
 * segments of the path, as far as the candidate says what they are.
 */
type CandidateTrie = FlatTrie<Candidate>;

/**
 * Candidates for lookup. What changed since the large trie was made stands beside it, in a small one, so that a change costs
 * the same however many candidates there are. Never changed once made.
 */
export interface RouteIndex {
  readonly settled: CandidateTrie;
  /** How many `settled` has. */
  readonly size: number;
  /** Candidates of `settled` that are no longer offered. */
  readonly gone: ReadonlySet<Candidate>;
  readonly recent: CandidateTrie;
  /** Those in `recent`. */
  readonly come: ReadonlySet<Candidate>;
}

const NONE: ReadonlySet<Candidate> = new Set<Candidate>();
export const EMPTY_INDEX: RouteIndex = { settled: EMPTY_TRIE, size: 0, gone: NONE, recent: EMPTY_TRIE, come: NONE };

/** So many candidates may have gone or come before the large trie is made anew: in a small one, a quarter of it. */
const MOST_RECENT = 128;

// Edges that stand for no text. Where one falls together with the number of a text, nothing is wrong but a little slower.
const ANY_HOST = -1;
const WILDCARD = -2;
const EXACT_HOST = -3;
const LITERAL = -4;
const TEMPLATE = -5;
const REGEX = -6;
const PARAMETER = -7;

/** The index without some of its candidates and with others. */
export function changedIndex(index: RouteIndex, gone: readonly Candidate[], come: readonly Candidate[]): RouteIndex {
  const changes = index.gone.size + index.come.size + gone.length + come.length;
  if (changes > Math.min(MOST_RECENT, index.size / 4)) return settle(index, gone, come);
  const stillRecent = new Set(index.come);
  const allGone = new Set(index.gone);
  const recent = new TrieDraft(index.recent, inOrder);
  for (const candidate of gone) {
    if (stillRecent.delete(candidate)) recent.remove(edgesOf(candidate), candidate);
    else allGone.add(candidate);
  }
  for (const candidate of come) {
    // One that went and came back within this time is where it was.
    if (allGone.delete(candidate)) continue;
    recent.add(edgesOf(candidate), candidate);
    stillRecent.add(candidate);
  }
  const { settled, size } = index;
  const made = stillRecent.size === 0 ? EMPTY_TRIE : recent.finish();
  return { settled, size, gone: allGone, recent: made, come: stillRecent };
}

/** Everything in the large trie, at the cost of copying it. */
function settle(index: RouteIndex, gone: readonly Candidate[], come: readonly Candidate[]): RouteIndex {
  const all = new Set([...index.come, ...come]);
  const lost = new Set(index.gone);
  for (const candidate of gone) if (!all.delete(candidate)) lost.add(candidate);
  for (const candidate of come) all.add(candidate);
  const draft = new TrieDraft(index.settled, inOrder);
  for (const candidate of lost) draft.remove(edgesOf(candidate), candidate);
  for (const candidate of all) draft.add(edgesOf(candidate), candidate);
  return { ...EMPTY_INDEX, settled: draft.finish(), size: index.size - lost.size + all.size };
}

function edgesOf({ host, path }: Candidate): number[] {
  const hostEdges = host === "" ? [ANY_HOST] : [...labelEdges(host), host.startsWith("*") ? WILDCARD : EXACT_HOST];
  switch (path.kind) {
    case "exact":
    case "prefix":
      return [...hostEdges, LITERAL, ...segmentsOf(path.value).map(wholeEdge)];
    case "template":
      return [...hostEdges, TEMPLATE, ...segmentsOf(path.value).map(templateEdge)];
    case "regex":
      return [...hostEdges, REGEX, ...segmentsOf(leadOf("regex", path.value)).map(wholeEdge)];
  }
}

/** Without a wildcard's star. */
function labelEdges(host: string): number[] {
  const edges: number[] = [];
  for (let start = host.length; start > 0 && host[start - 1] !== "*"; start = piece.at - 1) {
    readLabel(host, start);
    edges.push(piece.edge);
  }
  return edges;
}

function segmentsOf(path: string): string[] {
  return path.split("/").slice(1);
}

function wholeEdge(segment: string): number {
  readSegment(segment, 0);
  return piece.edge;
}

function templateEdge(segment: string): number {
  return parameterOf(segment) === null ? wholeEdge(segment) : PARAMETER;
}

/** What was read last: its edge, and where it ends (a segment) or begins (a label). Kept here, for two results without an object. */
const piece = { edge: 0, at: 0 };

/** Long segments are told apart by their beginning and length: a request cannot make us read more. */
const LONGEST_READ = 64;
const SLASH = 0x2f;
const DOT = 0x2e;

/** Reads the segment of a path that starts at `start`. */
function readSegment(path: string, start: number): void {
  const limit = Math.min(path.length, start + LONGEST_READ);
  let edge = 0;
  let at = start;
  for (; at < limit; at += 1) {
    const code = path.charCodeAt(at);
    if (code === SLASH) break;
    edge = ((edge << 5) + (code - edge)) | 0;
  }
  if (at === limit && at < path.length) {
    const slash = path.indexOf("/", at);
    at = slash === -1 ? path.length : slash;
    edge ^= at - start;
  }
  piece.edge = edge;
  piece.at = at;
}

/** Reads the label of a host that ends before `end`, backwards. */
function readLabel(host: string, end: number): void {
  let edge = 0;
  let at = end;
  for (; at > 0; at -= 1) {
    const code = host.charCodeAt(at - 1);
    if (code === DOT) break;
    edge = ((edge << 5) + (code - edge)) | 0;
  }
  piece.edge = edge;
  piece.at = at;
}

/**
 * First in precedence of all that take the request, or null. Looks at the narrowest first, and nowhere where nothing can come
 * before what it has: mostly one walk along the host and one along the path.
 */
export function firstOf({ settled, gone, recent, come }: RouteIndex, request: MatchRequest): Candidate | null {
  const best = firstIn(settled, gone, request, null);
  return come.size === 0 ? best : firstIn(recent, NONE, request, best);
}

/** The same in one trie, of those that come before `best`. */
function firstIn(
  trie: CandidateTrie,
  gone: ReadonlySet<Candidate>,
  request: MatchRequest,
  best: Candidate | null,
): Candidate | null {
  const found = inHosts(trie, gone, ROOT, request.host.length, request, best);
  const any = childOf(trie, ROOT, ANY_HOST);
  return mayWin(trie, any, found) ? inPaths(trie, gone, any, request, found) : found;
}

/** Exact host, then longest wildcard. The first `end` characters of the host are still to be gone along. */
function inHosts(
  trie: CandidateTrie,
  gone: ReadonlySet<Candidate>,
  node: TrieNode,
  end: number,
  request: MatchRequest,
  best: Candidate | null,
): Candidate | null {
  const { host } = request;
  let found = best;
  if (end > 0) {
    readLabel(host, end);
    const label = childOf(trie, node, piece.edge);
    if (mayWin(trie, label, found)) found = inHosts(trie, gone, label, piece.at - 1, request, found);
  }
  const paths = childOf(trie, node, end > 0 ? WILDCARD : EXACT_HOST);
  return mayWin(trie, paths, found) ? inPaths(trie, gone, paths, request, found) : found;
}

function inPaths(
  trie: CandidateTrie,
  gone: ReadonlySet<Candidate>,
  node: TrieNode,
  request: MatchRequest,
  best: Candidate | null,
): Candidate | null {
  let found = best;
  const literals = childOf(trie, node, LITERAL);
  found = inSegments(trie, gone, literals, request, found);
  const templates = childOf(trie, node, TEMPLATE);
  if (mayWin(trie, templates, found)) found = inTemplates(trie, gone, templates, 1, request, found);
  const regexes = childOf(trie, node, REGEX);
  return inSegments(trie, gone, regexes, request, found);
}

/** Nodes on the way down a path, kept here for the same reason. A candidate's text has at most 1,024 characters, and so as many segments. */
const way = new Int32Array(1025);

/** Exact path, then longest prefix first; or what is longest of the certain parts of regular expressions. */
function inSegments(
  trie: CandidateTrie,
  gone: ReadonlySet<Candidate>,
  from: TrieNode,
  request: MatchRequest,
  best: Candidate | null,
): Candidate | null {
  const { path } = request;
  let length = 0;
  let start = 1;
  for (let node = from; mayWin(trie, node, best); node = childOf(trie, node, piece.edge)) {
    way[length] = node;
    length += 1;
    if (start > path.length || trie.inner[node] !== 1) break;
    readSegment(path, start);
    start = piece.at + 1;
  }
  let found = best;
  while (length > 0) {
    length -= 1;
    found = firstThat(trie, gone, way[length] ?? ROOT, request, found);
  }
  return found;
}

/** Comes to each node at most once, since a parameter takes exactly one segment: no path can be tried in many ways. */
function inTemplates(
  trie: CandidateTrie,
  gone: ReadonlySet<Candidate>,
  node: TrieNode,
  start: number,
  request: MatchRequest,
  best: Candidate | null,
): Candidate | null {
  const { path } = request;
  if (start > path.length) return firstThat(trie, gone, node, request, best);
  if (trie.inner[node] !== 1) return best;
  let found = best;
  readSegment(path, start);
  const end = piece.at;
  const literal = childOf(trie, node, piece.edge);
  if (mayWin(trie, literal, found)) found = inTemplates(trie, gone, literal, end + 1, request, found);
  const parameter = childOf(trie, node, PARAMETER);
  return mayWin(trie, parameter, found) ? inTemplates(trie, gone, parameter, end + 1, request, found) : found;
}

/** Whether there is a node, and something in or below it that could come before `best`; age and name decide between equals. */
function mayWin({ tops }: CandidateTrie, node: TrieNode, best: Candidate | null): boolean {
  return node !== NOWHERE && (best === null || (tops[node] ?? 0) >= best.specificity);
}

/** First of a node's candidates that takes the request, if it comes before `best`. */
function firstThat(
  { firsts, others }: CandidateTrie,
  gone: ReadonlySet<Candidate>,
  node: TrieNode,
  request: MatchRequest,
  best: Candidate | null,
): Candidate | null {
  const first = firsts[node] ?? null;
  if (first === null || (best !== null && inOrder(best, first) < 0)) return best;
  if (obstacleOf(first, request) === null && !gone.has(first)) return first;
  for (const candidate of others[node] ?? []) {
    if (best !== null && inOrder(best, candidate) < 0) return best;
    if (obstacleOf(candidate, request) === null && !gone.has(candidate)) return candidate;
  }
  return best;
}
