import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { RegistryService } from "#domain/instance.ts";
import type { PolicyDocument } from "#domain/policy.ts";
import { EMPTY_SNAPSHOT, type PolicySnapshot } from "#domain/snapshot.ts";
import { Random } from "#gateway/test-bed/fuzz/random.ts";
import { decodeDocument, documentHash, encodeDocument, makeHead } from "../codec.ts";
import { readInterface } from "../dubbo-interface.ts";
import { DUBBO_NAME_MAX } from "../dubbo-url.ts";
import { isReadable, parseInstance } from "../parse-instance.ts";
import { applyReading, readNode, type HeldPolicy, type NodeRead } from "../read-policy.ts";
import { encodeInstance } from "../register-instance.ts";
import { believe, NOTHING_HELD } from "../registry-hold.ts";
import { breakerSpec, document, routeSpec } from "../test-policy.ts";
import { hostileBody, hostileName } from "./fuzz-bodies.ts";

/** What came of it. `threw` and `effects` (on any other key) have to be 0. */
export interface FuzzTally {
  readonly bodies: number;
  /** Those that were taken for what they claim to be: with none, nothing behind the parser was tried. */
  readonly accepted: number;
  readonly threw: number;
  readonly effects: number;
  /** The first few, each with what it takes to see it again. */
  readonly findings: readonly string[];
}

/** What every instance that leaves the parser is, whoever wrote its entry. */
const Sound = z.strictObject({
  service: z.string(),
  id: z.string(),
  address: z.string().min(1).max(253),
  port: z.int().min(1).max(65_535),
  protocol: z.string().regex(/^[a-z][a-z0-9+.-]{0,31}$/),
  tls: z.boolean(),
  metadata: z.custom<object>(
    (value) =>
      Object.getPrototypeOf(value) === Object.prototype &&
      Object.keys(value ?? {}).length <= 64 &&
      Object.values(value ?? {}).every((text) => typeof text === "string" && text.length <= 1024),
  ),
  serving: z.boolean(),
  weight: z.int().min(0).max(1000).nullable(),
  presence: z.literal("present"),
  origin: z.enum(["curator", "spring-cloud", "dubbo", "dubbo-interface"]),
  registeredAtMs: z.number().min(0),
});

const EMPTY: FuzzTally = { bodies: 0, accepted: 0, threw: 0, effects: 0, findings: [] };

/** Tries one thing after the other. `attempt` says whether it was accepted, and what it changed that it must not. */
function tally(count: number, attempt: (n: number) => { accepted: boolean; effect: string; what: string }): FuzzTally {
  let { accepted, threw, effects } = EMPTY;
  const findings: string[] = [];
  for (let n = 0; n < count; n += 1) {
    try {
      const tried = attempt(n);
      if (tried.accepted) accepted += 1;
      if (tried.effect === "") continue;
      effects += 1;
      if (findings.length < 5) findings.push(`${tried.effect}: ${tried.what}`);
    } catch (error) {
      threw += 1;
      if (findings.length < 5) findings.push(`body ${n} threw: ${String(error)}`);
    }
  }
  return { bodies: count, accepted, threw, effects, findings };
}

const SPRING = encodeInstance(
  { root: "/services", service: "orders", id: "i1", address: "10.0.0.7", port: 80, metadata: { version: "2" } },
  "UP",
  1_700_000_000_000,
);
const SAMPLES = [
  SPRING,
  Buffer.from(
    '{"name":"orders","id":"i1","address":"10.0.0.7","port":8080,"sslPort":null,"payload":null,"registrationTimeUTC":1700000000000,"serviceType":"DYNAMIC","uriSpec":null,"enabled":true}',
  ),
  Buffer.from(
    '{"name":"orders","id":"10.0.0.7:20880","address":"10.0.0.7","port":20880,"sslPort":null,"payload":{"@class":"org.apache.dubbo.registry.zookeeper.ZookeeperInstance","id":"10.0.0.7:20880","name":"orders","metadata":{"dubbo.endpoints":"[{\\"port\\":20880,\\"protocol\\":\\"dubbo\\"},{\\"port\\":8081,\\"protocol\\":\\"rest\\"}]","dubbo.metadata.revision":"ab","weight":"50"}},"registrationTimeUTC":1700000000000,"serviceType":"DYNAMIC","uriSpec":null}',
  ),
];

/**
 * Puts `count` hostile bodies, made from `seed`, into one registry entry between two good ones: reading never throws, what
 * is accepted is sound, and neither the neighbours nor another service change.
 */
export function fuzzInstanceBodies(seed: number, count: number): FuzzTally {
  const random = new Random(seed);
  const entries = (middle: Buffer, id: string) =>
    [
      ["a", SPRING],
      [id, middle],
      ["z", SPRING],
    ] as const;
  const folder = (name: string, all: readonly (readonly [string, Buffer])[]): RegistryService => {
    const parsed = all.map(([id, data]) => parseInstance(name, id, data));
    return {
      name,
      instances: parsed.filter(isReadable),
      unreadable: parsed.flatMap((entry) => (isReadable(entry) ? [] : [entry])),
    };
  };
  const others = [folder("orders", entries(SPRING, "m")), folder("stock", [["s", SPRING]])];
  const before = believe(NOTHING_HELD, others, 0).state;
  return tally(count, () => {
    const body = hostileBody(random, SAMPLES);
    const id = random.below(4) === 0 ? hostileName(random).replaceAll("/", "") : "m";
    const orders = folder("orders", entries(body, id));
    const own = orders.instances.filter((instance) => instance.id !== "a" && instance.id !== "z");
    const shown = believe(before, [orders, folder("stock", [["s", SPRING]])], 1).state.services;
    const neighbours = (services: readonly RegistryService[]): unknown =>
      services.flatMap(({ instances }) => instances.filter((one) => ["a", "z", "s"].includes(one.id)));
    const accepted = own.length === 1;
    const isSound = ["a", "z"].includes(id) || own.every((instance) => Sound.safeParse(instance).success);
    const isAlone = ["a", "z"].includes(id) || isDeepStrictEqual(neighbours(shown), neighbours(others));
    const effect = !isSound ? "not sound" : !isAlone ? "changed a neighbour" : pollution();
    return { accepted, effect, what: `${id} ${body.subarray(0, 2000).toString("base64")}` };
  });
}

const BAR = "com.foo.Bar";
const providerOf = (host: string): string =>
  encodeURIComponent(
    `dubbo://${host}:20880/${BAR}?application=stock&interface=${BAR}&side=provider&weight=50&version=1.0.0&group=blue&timestamp=1700000000000`,
  );
const CONSUMER = encodeURIComponent(`consumer://10.0.0.9/${BAR}?application=web&interface=${BAR}&group=*&version=*`);

/** The same for names of nodes below a Dubbo interface. One that claims a neighbour's own place and service is no fault. */
export function fuzzDubboNames(seed: number, count: number): FuzzTally {
  const random = new Random(seed);
  const good = [providerOf("10.0.0.7"), providerOf("10.0.0.8")];
  const samples = [...good, CONSUMER].map((name) => Buffer.from(decodeURIComponent(name)));
  const neighbours = readInterface({ node: BAR, providers: good, consumers: [CONSUMER] });
  const known = neighbours.services.flatMap(({ instances }) => instances);
  return tally(count, () => {
    const made = hostileBody(random, samples)
      .toString("utf8")
      .slice(0, 2 * DUBBO_NAME_MAX);
    const name = random.pick([() => hostileName(random), () => made, () => encodeURIComponent(made)] as const)();
    const node = random.below(8) === 0 ? hostileName(random) : BAR;
    const read = readInterface({
      node,
      providers: [...good, name],
      consumers: [CONSUMER, name],
    });
    const all = read.services.flatMap(({ instances }) => instances);
    const own = all.filter(({ address }) => address !== "10.0.0.7" && address !== "10.0.0.8");
    const isSound = all.every((instance) => Sound.safeParse(instance).success);
    const left = all.filter(({ service, id }) => known.some((one) => one.service === service && one.id === id));
    const claims = name.includes("10.0.0.7") || name.includes("10.0.0.8");
    const isAlone = node !== BAR || claims || isDeepStrictEqual(left, known);
    const effect = !isSound ? "not sound" : !isAlone ? "changed a neighbour" : pollution();
    return { accepted: own.length > 0, effect, what: JSON.stringify(name.slice(0, 2000)) };
  });
}

const ROWS: readonly PolicyDocument[] = [
  document("routes/a", 1, routeSpec("/a"), "db-1", 1),
  document("routes/b", 2, routeSpec("/b")),
  document("breakers/service:orders", 3, breakerSpec("orders", 700)),
];
const NOTHING: HeldPolicy = { snapshot: EMPTY_SNAPSHOT, refused: [], verified: false, trusted: null };

/** The same for one published document: whatever stands in its node, no other key of the policy changes (I8). */
export function fuzzPolicyBodies(seed: number, count: number): FuzzTally {
  const random = new Random(seed);
  const samples = ROWS.map(encodeDocument);
  const nodes = new Map<string, Buffer | null>(ROWS.map((row) => [row.key, encodeDocument(row)]));
  const head = makeHead("db-1", 3, ROWS);
  const taken = (from: HeldPolicy, found: ReadonlyMap<string, Buffer | null>): ReadonlyMap<string, NodeRead | null> =>
    new Map([...found].map(([key, data]) => [key, data === null ? null : readNode(from, key, data)]));
  const held = applyReading(NOTHING, { head, nodes: taken(NOTHING, nodes), complete: true });
  const others = (snapshot: PolicySnapshot): unknown => [snapshot.routes.get("a"), [...snapshot.breakers.entries()]];
  return tally(count, () => {
    const made = hostileBody(random, samples);
    const body = random.below(2) === 0 ? made : rehashed(made);
    const complete = random.below(2) === 0;
    const reading = complete ? new Map(nodes).set("routes/b", body) : new Map([["routes/b", body]]);
    const from = random.below(4) === 0 ? NOTHING : held;
    const next = applyReading(from, { head, nodes: taken(from, reading), complete });
    const expected = !complete && from === NOTHING ? EMPTY_SNAPSHOT : held.snapshot;
    const isAlone = isDeepStrictEqual(others(next.snapshot), others(expected));
    const names = new Set([...next.snapshot.routes.keys(), ...next.snapshot.overrides.keys()]);
    const isNamed = [...names].every((id) => id === "a" || id === "b");
    const effect = !isAlone ? "changed a neighbour" : !isNamed ? "made another object" : pollution();
    return { accepted: decodeDocument(body).ok, effect, what: body.subarray(0, 2000).toString("base64") };
  });
}

/** The body with the hash that fits its spec and age, so that the schemas are tried too; as it is when it has none. */
function rehashed(body: Buffer): Buffer {
  const decoded = z
    .looseObject({ created: z.number().optional().catch(undefined), spec: z.unknown() })
    .safeParse(jsonOf(body));
  if (!decoded.success) return body;
  try {
    return Buffer.from(JSON.stringify({ ...decoded.data, hash: documentHash(decoded.data) }));
  } catch {
    // Too deep to be hashed here.
    return body;
  }
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return null;
  }
}

/** What every object would have from now on; empty when nothing. */
function pollution(): string {
  for (const _ in {}) return "every object has a new member";
  return "";
}
