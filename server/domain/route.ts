import { z } from "zod";
import { canonicalPath } from "./canonical-path.ts";
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

/** HTTP field name, RFC 9110 §5.1 (token). Compared without regard to case. */
const FieldName = z
  .string()
  .min(1, "Name a header")
  .max(128)
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, "Not a valid header name")
  .transform((name) => name.toLowerCase());

const UNMATCHABLE =
  "No request has such a path: not allowed are //, . and .. segments, \\, ;, %2F, %5C, %00, a % without two hex digits, and characters outside ASCII (write é as %C3%A9)";

/** `example.com`, or `*.example.com` for every name below it (Gateway API `Hostname`); lower-cased, no port. */
const HostPattern = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(
    /^(?:\*\.)?[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/,
    "A host name such as shop.example.com, or *.example.com; without port",
  );

/** A path as requests are matched by it: in its canonical form, since no request ever comes in another. */
const PathValue = z
  .string()
  .max(1024)
  .regex(/^\/[^\s?#]*$/, "Starts with / and has no spaces, ? or #")
  .transform((value, context) => {
    const path = canonicalPath(value);
    if (path !== null) return path;
    context.addIssue({ code: "custom", message: UNMATCHABLE, input: value });
    return z.NEVER;
  });

export const PathMatch = z.object({
  /** `exact`: the whole path. `prefix`: by whole segments, so `/a` matches `/a` and `/a/b`, not `/ab`. */
  kind: z.enum(["exact", "prefix"]),
  value: PathValue,
});
export type PathMatch = z.infer<typeof PathMatch>;

const ValueMatch = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("exact"), value: z.string().max(1024) }),
  z.object({ kind: z.literal("prefix"), value: z.string().min(1, "Say which prefix").max(1024) }),
  z.object({ kind: z.literal("present") }),
  z.object({ kind: z.literal("absent") }),
]);
export type ValueMatch = z.infer<typeof ValueMatch>;

export const HeaderMatch = z.object({ name: FieldName, match: ValueMatch });
export type HeaderMatch = z.infer<typeof HeaderMatch>;

export const QueryMatch = z.object({ name: z.string().min(1, "Name a parameter").max(128), match: ValueMatch });
export type QueryMatch = z.infer<typeof QueryMatch>;

export const HTTP_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

/** All conditions of one match must hold; a route applies when any of its matches does. */
export const RouteMatch = z.object({
  path: PathMatch.default({ kind: "prefix", value: "/" }),
  /** Empty: any method. */
  methods: z.array(z.enum(HTTP_METHODS)).max(7).default([]),
  headers: z.array(HeaderMatch).max(16).default([]),
  query: z.array(QueryMatch).max(16).default([]),
});
export type RouteMatch = z.infer<typeof RouteMatch>;

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
    destinations: z.array(Destination).min(1, "Add at least one destination").max(16),
    /** Deadline for the whole request, fallback included, ms (Gateway API `timeouts.request`). */
    timeoutMs: z.int().min(1).max(3_600_000).default(15_000),
  })
  .refine((route) => route.destinations.some((destination) => destination.weight > 0), {
    path: ["destinations"],
    error: "At least one destination needs a weight above 0",
  });
export type RouteSpec = z.infer<typeof RouteSpec>;
/** What a form holds before defaults are filled in. */
export type RouteDraft = z.input<typeof RouteSpec>;
