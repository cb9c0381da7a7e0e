import fc from "fast-check";
import type { MatchRequest } from "./route-candidate.ts";
import type { ValueMatch } from "./route-conditions.ts";
import { RouteSpec, type RouteDraft } from "./route.ts";
import type { Published } from "./snapshot.ts";

/** A route for tests: what is not said is as simple as can be. */
export function testRoute(
  id: string,
  draft: Partial<RouteDraft> = {},
  revision = 1,
  created?: number,
): Published<RouteSpec> {
  const destinations = draft.answer == null ? [{ service: "any", weight: 1 }] : [];
  return { id, revision, created, spec: RouteSpec.parse({ matches: [{}], destinations, ...draft }) };
}

export interface Asked {
  readonly listener?: "edge" | "egress";
  readonly host?: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly cookies?: Readonly<Record<string, string>>;
  readonly caller?: string;
}

/** A request for tests. */
export function testRequest(asked: Asked): MatchRequest {
  return {
    listener: asked.listener ?? "edge",
    host: asked.host ?? "shop.example.com",
    method: asked.method ?? "GET",
    path: asked.path ?? "/",
    header: (name) => asked.headers?.[name],
    query: (name) => asked.query?.[name],
    cookie: (name) => asked.cookies?.[name],
    caller: asked.caller ?? "outside",
  };
}

const Value = fc.constantFrom("", "1", "12", "v1", "v2", "beta");
const Values = fc.oneof(
  fc.record({ kind: fc.constant("exact" as const), value: Value }),
  fc.record({ kind: fc.constant("prefix" as const), value: fc.constantFrom("1", "v", "v1", "beta") }),
  fc.record({ kind: fc.constant("regex" as const), value: fc.constantFrom("v[0-9]+", ".*", "1|2", "beta?") }),
  fc.record({ kind: fc.constant("present" as const) }),
  fc.record({ kind: fc.constant("absent" as const) }),
);
const named = (first: string, second: string) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant<{ name: string; match: ValueMatch }[]>([]) },
    {
      weight: 2,
      arbitrary: fc.array(fc.record({ name: fc.constantFrom(first, second), match: Values }), { maxLength: 2 }),
    },
  );

// Aa and BB have the same hash, and so have all that begin with either.
const Segment = fc.constantFrom("a", "b", "ab", "Aa", "BB", "long".repeat(20), `${"long".repeat(20)}s`);
const PlainPath = fc.oneof(
  fc.constantFrom("/", "/a/"),
  fc.array(Segment, { minLength: 1, maxLength: 3 }).map((segments) => `/${segments.join("/")}`),
);
const Template = fc
  .array(fc.oneof(Segment, fc.constant(null)), { minLength: 0, maxLength: 2 })
  .chain((segments) => fc.nat({ max: segments.length }).map((at) => segments.toSpliced(at, 0, null)))
  .map((segments) => `/${segments.map((segment, at) => segment ?? `{p${at}}`).join("/")}`);
const Regex = fc.constantFrom("/a/.*", "/a/b+", "/ab?(/.*)?", ".*", "/(a|b)/[a-z]+", "/a|/b", "/Aa/.*", "/a/b/[^/]+");

const Path = fc.oneof(
  fc.record({ kind: fc.constantFrom<"exact" | "prefix">("exact", "prefix"), value: PlainPath }),
  fc.record({ kind: fc.constant("template" as const), value: Template }),
  fc.record({ kind: fc.constant("regex" as const), value: Regex }),
);

const Match = fc.record({
  path: Path,
  methods: fc.constantFrom<("GET" | "POST")[]>([], [], ["GET"], ["GET", "POST"]),
  headers: named("h", "x-v"),
  query: named("q", "page"),
  cookies: named("c", "beta"),
  callers: fc.constantFrom<string[]>([], [], ["cart"], ["cart", "shop"]),
});

/** Drafts of routes that often meet the requests of `SomeRequest`, and each other. */
export const SomeDraft = fc.record({
  hosts: fc.uniqueArray(fc.constantFrom("a.com", "b.a.com", "*.a.com", "*.com", "c.b.a.com", "*.b.a.com"), {
    maxLength: 2,
  }),
  priority: fc.constantFrom(0, 0, 0, 5, -3),
  enabled: fc.constantFrom(true, true, true, false),
  listeners: fc.constantFrom<("edge" | "egress")[]>(["edge"], ["egress"], ["edge", "egress"], ["edge", "egress"]),
  matches: fc.array(Match, { minLength: 1, maxLength: 3 }),
});

const Some = fc.dictionary(fc.constantFrom("h", "x-v", "q", "page", "c", "beta"), Value, { maxKeys: 3 });

/** Requests as they come: a caller from outside at the edge, a service elsewhere. */
export const SomeRequest: fc.Arbitrary<Asked> = fc
  .record({
    listener: fc.constantFrom<"edge" | "egress">("edge", "egress"),
    host: fc.constantFrom("a.com", "b.a.com", "c.b.a.com", "x.b.a.com", "com", "other.org", "xa.com", ""),
    method: fc.constantFrom("GET", "POST", "PUT", "PURGE"),
    path: fc.oneof(
      PlainPath,
      PlainPath.map((path) => `${path}/`),
      fc.constantFrom("/ab", "/a/b/c/d", "/a//b", "/{p0}"),
    ),
    headers: Some,
    query: Some,
    cookies: Some,
    caller: fc.constantFrom("cart", "shop", "other"),
  })
  .map((asked) => (asked.listener === "edge" ? { ...asked, caller: "outside" } : asked));
