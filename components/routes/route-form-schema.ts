import { z } from "zod";
import { RouteId, RouteSpec } from "#domain/route.ts";

/** What the form holds: the route's own schema, and the id it will have. */
export const RouteForm = z.object({
  // `/routes/new` is the address of the empty form.
  id: RouteId.refine((id) => id !== "new", "This name is taken by the console itself"),
  spec: RouteSpec,
});
export type RouteFormInput = z.input<typeof RouteForm>;
export type RouteFormOutput = z.output<typeof RouteForm>;

export const EMPTY_MATCH: RouteFormInput["spec"]["matches"][number] = {
  path: { kind: "prefix", value: "/" },
  methods: [],
  headers: [],
  query: [],
  cookies: [],
  callers: [],
};
export const EMPTY_DESTINATION: RouteFormInput["spec"]["destinations"][number] = {
  service: "",
  labels: {},
  weight: 100,
};

/** A route nobody has filled in yet. */
export const EMPTY_ROUTE: RouteFormInput = {
  id: "",
  spec: {
    description: "",
    enabled: true,
    listeners: ["edge", "egress"],
    priority: 0,
    hosts: [],
    matches: [EMPTY_MATCH],
    destinations: [EMPTY_DESTINATION],
    timeoutMs: 15_000,
  },
};
