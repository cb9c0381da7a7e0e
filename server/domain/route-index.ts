import { childOf, EMPTY_TRIE, NOWHERE, ROOT, TrieDraft, type FlatTrie, type TrieNode } from "./flat-trie.ts";
import { leadOf } from "./path-lead.ts";
import { parameterOf } from "./path-pattern.ts";
import { obstacleOf, type Candidate, type MatchRequest } from "./route-candidate.ts";
import { inOrder } from "./route-precedence.ts";

/**
 * Candidates in a trie: the labels of the host from the last to the first; how the host ends there; the kind of path; the
 * segments of the path, as far as the candidate says what they are.
 */
export type RouteIndex = FlatTrie<Candidate>;

export const EMPTY_INDEX: RouteIndex = EMPTY_TRIE;

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
  const draft = new TrieDraft(index, inOrder);
  for (const candidate of gone) draft.remove(edgesOf(candidate), candidate);
  for (const candidate of come) draft.add(edgesOf(candidate), candidate);
  return draft.finish();
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
export function firstOf(index: RouteIndex, request: MatchRequest): Candidate | null {
  const best = inHosts(index, ROOT, request.host.length, request, null);
  const any = childOf(index, ROOT, ANY_HOST);
  return mayWin(index, any, best) ? inPaths(index, any, request, best) : best;
}

/** Exact host, then longest wildcard. The first `end` characters of the host are still to be gone along. */
function inHosts(
  index: RouteIndex,
  node: TrieNode,
  end: number,
  request: MatchRequest,
  best: Candidate | null,
): Candidate | null {
  const { host } = request;
  let found = best;
  if (end > 0) {
    readLabel(host, end);
    const label = childOf(index, node, piece.edge);
    if (mayWin(index, label, found)) found = inHosts(index, label, piece.at - 1, request, found);
  }
  const paths = childOf(index, node, end > 0 ? WILDCARD : EXACT_HOST);
  return mayWin(index, paths, found) ? inPaths(index, paths, request, found) : found;
}

function inPaths(index: RouteIndex, node: TrieNode, request: MatchRequest, best: Candidate | null): Candidate | null {
  let found = best;
  const literals = childOf(index, node, LITERAL);
  found = inSegments(index, literals, request, found);
  const templates = childOf(index, node, TEMPLATE);
  if (mayWin(index, templates, found)) found = inTemplates(index, templates, 1, request, found);
  const regexes = childOf(index, node, REGEX);
  return inSegments(index, regexes, request, found);
}

/** Nodes on the way down a path, kept here for the same reason. A candidate's text has at most 1,024 characters, and so as many segments. */
const way = new Int32Array(1025);

/** Exact path, then longest prefix first; or what is longest of the certain parts of regular expressions. */
function inSegments(
  index: RouteIndex,
  from: TrieNode,
  request: MatchRequest,
  best: Candidate | null,
): Candidate | null {
  const { path } = request;
  let length = 0;
  let start = 1;
  for (let node = from; mayWin(index, node, best); node = childOf(index, node, piece.edge)) {
    way[length] = node;
    length += 1;
    if (start > path.length || index.inner[node] !== 1) break;
    readSegment(path, start);
    start = piece.at + 1;
  }
  let found = best;
  while (length > 0) {
    length -= 1;
    found = firstThat(index, way[length] ?? ROOT, request, found);
  }
  return found;
}

/** Comes to each node at most once, since a parameter takes exactly one segment: no path can be tried in many ways. */
function inTemplates(
  index: RouteIndex,
  node: TrieNode,
  start: number,
  request: MatchRequest,
  best: Candidate | null,
): Candidate | null {
  const { path } = request;
  if (start > path.length) return firstThat(index, node, request, best);
  if (index.inner[node] !== 1) return best;
  let found = best;
  readSegment(path, start);
  const end = piece.at;
  const literal = childOf(index, node, piece.edge);
  if (mayWin(index, literal, found)) found = inTemplates(index, literal, end + 1, request, found);
  const parameter = childOf(index, node, PARAMETER);
  return mayWin(index, parameter, found) ? inTemplates(index, parameter, end + 1, request, found) : found;
}

/** Whether there is a node, and something in or below it that could come before `best`; age and name decide between equals. */
function mayWin({ tops }: RouteIndex, node: TrieNode, best: Candidate | null): boolean {
  return node !== NOWHERE && (best === null || (tops[node] ?? 0) >= best.specificity);
}

/** First of a node's candidates that takes the request, if it comes before `best`. */
function firstThat(
  { firsts, others }: RouteIndex,
  node: TrieNode,
  request: MatchRequest,
  best: Candidate | null,
): Candidate | null {
  const first = firsts[node] ?? null;
  if (first === null || (best !== null && inOrder(best, first) < 0)) return best;
  if (obstacleOf(first, request) === null) return first;
  for (const candidate of others[node] ?? []) {
    if (best !== null && inOrder(best, candidate) < 0) return best;
    if (obstacleOf(candidate, request) === null) return candidate;
  }
  return best;
}
