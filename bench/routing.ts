import FindMyWay from "find-my-way";
import type { MatchRequest } from "#domain/route-candidate.ts";
import { compileRoutes, decide, recompileRoutes } from "#domain/route-match.ts";
import type { PathMatch } from "#domain/route-conditions.ts";
import { RouteSpec } from "#domain/route.ts";
import type { Published } from "#domain/snapshot.ts";
import { report, type BenchCase } from "./harness.ts";
import { GatewayUnderEdits } from "./lab/gateway-apply.ts";
import { compare, type Measure } from "./measure.ts";

const SIZES = [10, 1000, 10_000] as const;
const VERBS = ["list", "items", "orders", "search", "carts", "users"] as const;

/** Six routes of ten take a prefix, a quarter a template, the rest one path. */
function pathOf(at: number): PathMatch {
  const base = `/${VERBS[at % VERBS.length]}-${at % 97}/v${at % 3}/s${at}`;
  if (at % 20 < 12) return { kind: "prefix", value: base };
  return at % 20 < 17 ? { kind: "template", value: `${base}/{id}/detail` } : { kind: "exact", value: base };
}

function routeOf(at: number, revision = 1): Published<RouteSpec> {
  const spec = RouteSpec.parse({
    matches: [{ path: pathOf(at), methods: ["GET"] }],
    destinations: [{ service: `s${at}`, weight: 1 }],
  });
  return { id: `r${at}`, revision, spec };
}

/** As find-my-way writes them: a prefix is the path itself and all below it. */
function registered(count: number): FindMyWay.Instance<FindMyWay.HTTPVersion.V1> {
  const router = FindMyWay();
  for (let at = 0; at < count; at += 1) {
    const { kind, value } = pathOf(at);
    const store = { at };
    router.on("GET", value.replace("{id}", ":id"), () => undefined, store);
    if (kind === "prefix") router.on("GET", `${value}/*`, () => undefined, store);
  }
  return router;
}

/** Paths that hit, spread over all routes. */
function pathsFor(count: number): string[] {
  return Array.from({ length: 4096 }, (_, step) => {
    const { kind, value } = pathOf((step * 7919) % count);
    if (kind === "exact") return value;
    return kind === "prefix" ? `${value}/x/${step}` : value.replace("{id}", `id-${step}`);
  });
}

/** Paths come out of a larger text, as they do from a socket's bytes. */
function cut(text: string): string {
  return Buffer.from(`GET ${text} HTTP/1.1`, "latin1").toString("latin1", 4, 4 + text.length);
}

const nothing = (): undefined => undefined;

class PlainRequest implements MatchRequest {
  readonly listener = "edge";
  readonly host = "shop.example.com";
  readonly method = "GET";
  readonly caller = "outside";
  readonly header = nothing;
  readonly query = nothing;
  readonly cookie = nothing;
  readonly path: string;
  constructor(path: string) {
    this.path = path;
  }
}

/** Paths that are cut at once: few enough to be still in the cache when they are looked up, as on a connection. */
const BATCH = 64;

/** ns for one of `paths`, each looked up as often as the others; each time a new text, since one whose hash is known is found faster. */
const perLookup =
  (paths: readonly string[], lookup: (path: string) => unknown): Measure =>
  () => {
    let passed = 0n;
    let misses = 0;
    let looked = 0;
    while (looked < 160_000) {
      for (let from = 0; from < paths.length; from += BATCH) {
        const batch = paths.slice(from, from + BATCH).map(cut);
        const started = process.hrtime.bigint();
        for (const path of batch) if (lookup(path) === null) misses += 1;
        passed += process.hrtime.bigint() - started;
        looked += batch.length;
      }
    }
    if (misses > 0) throw new Error(`${misses} lookups found nothing.`);
    return Number(passed) / looked;
  };

/** ms that `once` takes. */
const perRun =
  (once: () => unknown): Measure =>
  () => {
    const started = performance.now();
    once();
    return performance.now() - started;
  };

async function lookups(count: number): Promise<BenchCase> {
  const compiled = compileRoutes(Array.from({ length: count }, (_, at) => routeOf(at)));
  const router = registered(count);
  const paths = pathsFor(count);
  const medians = await compare({
    ours: perLookup(paths, (path) => decide(compiled, new PlainRequest(path))),
    peers: { "find-my-way": perLookup(paths, (path) => router.find("GET", path)) },
  });
  return { name: `lookup, ${count} routes`, ...medians, unit: "ns", better: "lower" };
}

async function build(count: number): Promise<BenchCase> {
  const drafts = Array.from({ length: count }, (_, at) => routeOf(at));
  const medians = await compare({
    // Other objects each time: candidates are kept with theirs.
    ours: perRun(() => compileRoutes(drafts.map((route) => ({ ...route })))),
    peers: { "find-my-way": perRun(() => registered(count)) },
    rounds: 5,
  });
  return { name: `build, ${count} routes`, ...medians, unit: "ms", better: "lower" };
}

/** One route of `count` comes back changed. find-my-way has no such thing but to build anew: not a peer here. */
async function swap(count: number): Promise<BenchCase> {
  let compiled = compileRoutes(Array.from({ length: count }, (_, at) => routeOf(at)));
  let revision = 1;
  const medians = await compare({
    ours: () => {
      revision += 1;
      const id = `r${(revision * 7919) % count}`;
      const next = new Map(compiled.routes).set(id, routeOf(Number(id.slice(1)), revision));
      const started = performance.now();
      compiled = recompileRoutes(compiled, next);
      return performance.now() - started;
    },
    peers: {},
    rounds: 31,
    warmUps: 10,
  });
  return { name: `swap of one, ${count} routes`, ...medians, unit: "ms", better: "lower" };
}

/** A second instance of one service registers, and leaves again: until requests are balanced so. Beside it the same among 100. */
async function instances(count: number): Promise<BenchCase[]> {
  const many = await GatewayUnderEdits.open(count);
  const few = await GatewayUnderEdits.open(100);
  const inTurn = (gateway: GatewayUnderEdits, turn: "comes" | "goes") => () => {
    const took = { comes: gateway.instanceComes(), goes: gateway.instanceGoes() };
    return took[turn];
  };
  const cases: BenchCase[] = [];
  for (const turn of ["comes", "goes"] as const) {
    const ours = inTurn(many, turn);
    const medians = await compare({ ours, peers: { "among 100": inTurn(few, turn) }, rounds: 51, warmUps: 10 });
    cases.push({ name: `one instance ${turn}, ${count} routes`, ...medians, unit: "ms", better: "lower" });
  }
  await Promise.all([many.stop(), few.stop()]);
  return cases;
}

const cases: BenchCase[] = [];
for (const count of SIZES) cases.push(await lookups(count));
for (const count of SIZES) cases.push(await build(count));
for (const count of SIZES) cases.push(await swap(count));
cases.push(...(await instances(10_000)));
await report("routing", cases);
