import { z } from "zod";
import { canonicalPath, PATH_OPT_INS, type PathOptIn } from "./canonical-path.ts";
import {
  Answer,
  Cors,
  DEFAULT_RETRY,
  Faults,
  HeaderChanges,
  Mirror,
  PathRewrite,
  RateLimit,
  RequestKey,
  Retry,
} from "./route-actions.ts";
import { HostPattern, RouteMatch } from "./route-conditions.ts";
import { parameterProblems } from "./route-parameters.ts";
import { Labels, ServiceName } from "./service.ts";

/** Identifier of a route, chosen once when it is created: also its znode's name and the value of `x-mesh-route`. */
export const RouteId = z
  .string()
  .min(1, "Give the route a name")
  .max(63, "At most 63 characters")
  .regex(
    /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
    "Lower-case letters, digits and hyphens; starts and ends with a letter or digit",
  );
export type RouteId = z.infer<typeof RouteId>;

const Destination = z.object({
  service: ServiceName,
  /** Only instances with these labels; `{}` for all. */
  labels: Labels.default({}),
  /** Share of the route's requests, relative to the sum of all weights. 0 keeps the destination, idle. */
  weight: z.int().min(0, "0 or more").max(1000, "At most 1000"),
});
export type Destination = z.infer<typeof Destination>;

/** Where a route listens: requests from outside, or requests from a service of the mesh. */
const Listener = z.enum(["edge", "egress"]);

/** Everything a person may say of a route. The one schema for form, procedure and published document. */
export const RouteSpec = z
  .object({
    description: z.string().max(500).default(""),
    enabled: z.boolean().default(true),
    /** On which kind of listener the route is offered. */
    listeners: z.array(Listener).min(1, "Choose at least one listener").default(["edge", "egress"]),
    /** Beats every other rule of precedence; higher first. */
    priority: z.int().min(-1000).max(1000).default(0),
    /** Empty: any host. */
    hosts: z.array(HostPattern).max(16).default([]),
    matches: z.array(RouteMatch).min(1, "Add at least one match").max(16),
    /** Ambiguous characters let through in a path; everything else of the kind is refused with 400. */
    pathOptIns: z.array(z.enum(PATH_OPT_INS)).max(PATH_OPT_INS.length).default([]),
    /** Where requests go. Empty when the gateway answers itself. */
    destinations: z.array(Destination).max(16),
    /** Requests with the same key go to the same destination as long as weights stay; null: by turns. */
    sticky: RequestKey.nullable().default(null),
    answer: Answer.nullable().default(null),
    /** Deadline for the whole request, fallback included, ms (Gateway API `timeouts.request`). */
    timeoutMs: z.int().min(1).max(3_600_000).default(15_000),
    /** Longest pause between two pieces of a body, either way, ms; also how long a WebSocket may be silent. */
    idleTimeoutMs: z.int().min(100).max(3_600_000).default(60_000),
    /** Largest request body, bytes; null: any. */
    maxBodyBytes: z.int().min(0).nullable().default(null),
    retry: Retry.nullable().default(DEFAULT_RETRY),
    rewriteHost: HostPattern.refine((host) => !host.startsWith("*"), { error: "One host, without *" })
      .nullable()
      .default(null),
    rewritePath: PathRewrite.nullable().default(null),
    requestHeaders: HeaderChanges.prefault({}),
    responseHeaders: HeaderChanges.prefault({}),
    mirror: Mirror.nullable().default(null),
    faults: Faults.nullable().default(null),
    cors: Cors.nullable().default(null),
    /** All of them must have room. */
    rateLimits: z.array(RateLimit).max(4).default([]),
    /** Whether WebSocket connections may be opened through the route. */
    webSocket: z.boolean().default(false),
  })
  .superRefine((route, context) => {
    const problem = destinationsProblem(route.answer !== null, route.destinations);
    if (problem !== null)
      context.addIssue({ code: "custom", path: ["destinations"], message: problem, input: route.destinations });
    for (const [at, { path }] of route.matches.entries()) {
      const missing = path.kind === "regex" ? undefined : unmetNeed(path.value, route.pathOptIns);
      if (missing === undefined) continue;
      const message = `No request has such a path, since this route does not let a ${missing} through`;
      context.addIssue({ code: "custom", path: ["matches", at, "path", "value"], message, input: path.value });
    }
    const rewritten = route.rewritePath === null ? undefined : unmetNeed(route.rewritePath.value, route.pathOptIns);
    if (rewritten !== undefined) {
      const message = `This route does not let a ${rewritten} through`;
      context.addIssue({ code: "custom", path: ["rewritePath", "value"], message, input: route.rewritePath });
    }
    for (const { path, message } of parameterProblems(route))
      context.addIssue({ code: "custom", path, message, input: route });
  });
export type RouteSpec = z.infer<typeof RouteSpec>;
/** What a form holds before defaults are filled in. */
export type RouteDraft = z.input<typeof RouteSpec>;

function destinationsProblem(answers: boolean, destinations: readonly Destination[]): string | null {
  if (answers) {
    return destinations.length === 0 ? null : "The gateway answers these requests itself: take the destinations out";
  }
  if (destinations.length === 0) return "Add at least one destination";
  return destinations.some(({ weight }) => weight > 0) ? null : "At least one destination needs a weight above 0";
}

function unmetNeed(path: string, optIns: readonly PathOptIn[]): PathOptIn | undefined {
  return canonicalPath(path.replaceAll(/[{}]/g, "_"))?.needs.find((need) => !optIns.includes(need));
}
