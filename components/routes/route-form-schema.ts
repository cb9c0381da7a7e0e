import { z } from "zod";
import { Faults, FixedResponse, Mirror, Redirect } from "#domain/route-actions.ts";
import { RouteId, RouteSpec } from "#domain/route.ts";

/** What the form holds: the route's own schema, and the id it will have. */
export const RouteForm = z.object({
  // `/routes/new` is the address of the empty form.
  id: RouteId.refine((id) => id !== "new", "This name is taken by the console itself"),
  spec: RouteSpec,
});
export type RouteFormInput = z.input<typeof RouteForm>;
export type RouteFormOutput = z.output<typeof RouteForm>;
/** A route as it stands in the form: not checked yet. */
export type DraftSpec = RouteFormInput["spec"];

export const EMPTY_MATCH: DraftSpec["matches"][number] = {
  path: { kind: "prefix", value: "/" },
  methods: [],
  headers: [],
  query: [],
  cookies: [],
  callers: [],
};
export const EMPTY_DESTINATION: DraftSpec["destinations"][number] = { service: "", labels: {}, weight: 100 };

/** A route nobody has filled in yet: every setting at its default, so that the form shows what will be in force. */
export const EMPTY_ROUTE: RouteFormInput = {
  id: "",
  spec: {
    ...RouteSpec.parse({ matches: [EMPTY_MATCH], destinations: [{ service: "nobody", weight: 100 }] }),
    destinations: [EMPTY_DESTINATION],
  },
};

/** What a part starts from when it is switched on. What must be filled in is empty. */
export const FRESH = {
  redirect: Redirect.parse({ kind: "redirect" }),
  fixed: FixedResponse.parse({ kind: "fixed", status: 503 }),
  mirror: { ...Mirror.parse({ service: "nobody" }), service: "" },
  faults: Faults.parse({}),
  delay: { ms: 1000, percent: 10 },
  abort: { status: 503, percent: 10 },
  cors: { origins: [], methods: ["GET", "HEAD", "POST"], headers: [], exposed: [], credentials: false, maxAgeS: 600 },
  rateLimit: { requests: 100, perMs: 1000, burst: 100, by: null },
} satisfies Record<string, object>;
