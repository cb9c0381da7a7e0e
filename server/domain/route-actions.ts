import { z } from "zod";
import { ChangeableField, CookieName, FieldName, FieldValue } from "./field-name.ts";
import { pathRewriteProblem } from "./path-rewrite.ts";
import { HeaderMatch, HostPattern, PathValue } from "./route-conditions.ts";
import { Labels, ServiceName } from "./service.ts";
import { valueTemplateProblem } from "./value-template.ts";

/** Share of requests, percent; tenths are enough for any experiment. */
const Percent = z.number().min(0, "0 or more").max(100, "At most 100").multipleOf(0.1);
const ExactHost = HostPattern.refine((host) => !host.startsWith("*"), { error: "One host, without *" });

/** How a request's path is replaced (Gateway API `HTTPPathModifier`). */
export const PathRewrite = z.discriminatedUnion("kind", [
  /** What the route's prefix matched is replaced by this. Of other kinds of match, the whole path. */
  z.object({ kind: z.literal("prefix"), value: PathValue }),
  /** The whole path; `{name}` stands for what a template's parameter took. */
  z.object({
    kind: z.literal("full"),
    value: z
      .string()
      .max(1024)
      .regex(/^\/[\x21-\x7e]*$/, "Starts with /, visible ASCII")
      .regex(/^[^?#]*$/, "Without ? and #")
      .superRefine((value, context) => {
        const problem = pathRewriteProblem(value);
        if (problem !== null) context.addIssue({ code: "custom", message: problem, input: value });
      }),
  }),
]);
export type PathRewrite = z.infer<typeof PathRewrite>;

export const Redirect = z.object({
  kind: z.literal("redirect"),
  status: z.union([z.literal(301), z.literal(302), z.literal(303), z.literal(307), z.literal(308)]).default(302),
  /** Null keeps what the request had. */
  scheme: z.enum(["http", "https"]).nullable().default(null),
  host: ExactHost.nullable().default(null),
  port: z.int().min(1).max(65_535).nullable().default(null),
  path: PathRewrite.nullable().default(null),
});
export type Redirect = z.infer<typeof Redirect>;

export const FixedResponse = z.object({
  kind: z.literal("fixed"),
  status: z.int().min(200, "200 to 599").max(599, "200 to 599").default(200),
  contentType: FieldValue.default("text/plain; charset=utf-8"),
  body: z.string().max(16_384).default(""),
});
export type FixedResponse = z.infer<typeof FixedResponse>;

/** What the gateway says itself, instead of forwarding. */
export const Answer = z.discriminatedUnion("kind", [Redirect, FixedResponse]);
export type Answer = z.infer<typeof Answer>;

/**
 * A value may name what is known of the request: `{request.id}`, `{request.host}`, `{request.path}`, `{request.method}`,
 * `{caller}`, `{client.address}`, `{route}`, `{service}`, `{instance}`, `{path.<parameter>}`. `{{` writes a brace.
 */
const FieldChange = z.object({
  name: ChangeableField,
  value: FieldValue.superRefine((value, context) => {
    const problem = valueTemplateProblem(value);
    if (problem !== null) context.addIssue({ code: "custom", message: problem, input: value });
  }),
});

/** Changes of header fields, in this order: remove, set, add (Gateway API `HTTPHeaderFilter`). */
export const HeaderChanges = z.object({
  set: z.array(FieldChange).max(16).default([]),
  add: z.array(FieldChange).max(16).default([]),
  remove: z.array(ChangeableField).max(16).default([]),
});
export type HeaderChanges = z.infer<typeof HeaderChanges>;

/** Copies of requests to another service; whatever becomes of them, the caller never notices. */
export const Mirror = z.object({
  service: ServiceName,
  labels: Labels.default({}),
  percent: Percent.default(100),
});
export type Mirror = z.infer<typeof Mirror>;

/** Trouble made on purpose, for trials; only for requests with all of `headers`. */
export const Faults = z.object({
  delay: z
    .object({ ms: z.int().min(1).max(600_000), percent: Percent })
    .nullable()
    .default(null),
  abort: z
    .object({ status: z.int().min(400, "400 to 599").max(599, "400 to 599"), percent: Percent })
    .nullable()
    .default(null),
  headers: z.array(HeaderMatch).max(8).default([]),
});
export type Faults = z.infer<typeof Faults>;

/** Who may call from pages of other origins (Fetch standard, CORS protocol). */
export const Cors = z
  .object({
    /** `https://shop.example.com`, `https://*.example.com`, or `*` for all. */
    origins: z
      .array(
        z
          .string()
          .trim()
          .toLowerCase()
          .regex(
            /^(?:\*|https?:\/\/(?:\*\.)?[a-z0-9._-]+(?::\d{1,5})?)$/,
            "An origin such as https://shop.example.com, or *",
          ),
      )
      .min(1, "Name at least one origin")
      .max(32),
    methods: z
      .array(z.string().regex(/^[A-Z]{1,20}$/, "A method such as GET"))
      .max(16)
      .default(["GET", "HEAD", "POST"]),
    /** Request headers a page may send. */
    headers: z.array(FieldName).max(32).default([]),
    /** Response headers a page may read. */
    exposed: z.array(FieldName).max(32).default([]),
    credentials: z.boolean().default(false),
    /** How long a browser may remember a preflight's answer, s. */
    maxAgeS: z.int().min(0).max(86_400).default(600),
  })
  .refine((cors) => !cors.credentials || !cors.origins.includes("*"), {
    path: ["credentials"],
    error: "Not for every origin: name those that may send credentials",
  });
export type Cors = z.infer<typeof Cors>;

/** What a request is told apart by. */
export const RequestKey = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("address") }),
  z.object({ kind: z.literal("caller") }),
  z.object({ kind: z.literal("header"), name: FieldName }),
  z.object({ kind: z.literal("cookie"), name: CookieName }),
  z.object({ kind: z.literal("query"), name: z.string().min(1, "Name a parameter").max(128) }),
]);
export type RequestKey = z.infer<typeof RequestKey>;

/** A token bucket: `requests` per `perMs` on average, `burst` at once. Each gateway counts by itself. */
export const RateLimit = z.object({
  requests: z.int().min(1).max(1_000_000),
  perMs: z.int().min(100).max(3_600_000).default(1000),
  burst: z.int().min(1).max(1_000_000),
  /** Null: one bucket for all requests of the route. Else one for each value of the key. */
  by: RequestKey.nullable().default(null),
});
export type RateLimit = z.infer<typeof RateLimit>;

export const RETRY_REASONS = ["connect-failure", "reset", "status"] as const;

/**
 * Another try at another instance. Only for methods that are idempotent (RFC 9110 §9.2.2) unless `anyMethod`; never
 * when part of a body has gone out that is not held here.
 */
export const Retry = z.object({
  /** Tries after the first. */
  retries: z.int().min(1).max(5).default(1),
  on: z.array(z.enum(RETRY_REASONS)).min(1, "Choose at least one reason").max(3).default(["connect-failure", "reset"]),
  /** For the reason `status`. */
  statuses: z.array(z.int().min(400).max(599)).max(16).default([502, 503, 504]),
  anyMethod: z.boolean().default(false),
  /** Time for one try until its response head, ms; null: only the breaker's timeout counts. */
  perTryTimeoutMs: z.int().min(1).max(600_000).nullable().default(null),
  /** Before the n-th retry a random time of 0 to this × 2ⁿ⁻¹ passes, ms. */
  backoffMs: z.int().min(0).max(60_000).default(25),
  /** Retries as a share of the route's requests, percent; above it the first failure stands. */
  budgetPercent: z.int().min(0).max(100).default(20),
});
export type Retry = z.infer<typeof Retry>;

/** A connect failure is tried once more, elsewhere: nothing was sent, so nothing can happen twice. */
export const DEFAULT_RETRY: Retry = Retry.parse({ on: ["connect-failure"], backoffMs: 0, anyMethod: true });
