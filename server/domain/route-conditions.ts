import { z } from "zod";
import { canonicalPath } from "./canonical-path.ts";
import { CookieName, FieldName } from "./field-name.ts";
import { linearRegexProblem } from "./linear-regex.ts";
import { templateProblem } from "./path-pattern.ts";
import { ServiceName } from "./service.ts";

const UNMATCHABLE =
  "No request has such a path: not allowed are . and .. segments, \\, #, %00, a % without two hex digits, and characters outside ASCII (write é as %C3%A9)";

/** `example.com`, or `*.example.com` for every name below it (Gateway API `Hostname`); lower-cased, no port. */
export const HostPattern = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(
    /^(?:\*\.)?[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/,
    "A host name such as shop.example.com, or *.example.com; without port",
  );

/** A path as requests are matched by it: in its canonical form, since no request ever comes in another. */
export const PathValue = z
  .string()
  .max(1024)
  .regex(/^\/[^\s?#]*$/, "Starts with / and has no spaces, ? or #")
  .transform((value, context) => {
    const canonical = canonicalPath(value);
    if (canonical !== null) return canonical.path;
    context.addIssue({ code: "custom", message: UNMATCHABLE, input: value });
    return z.NEVER;
  });

/** `/orders/{id}`: each `{name}` takes one whole, non-empty segment. Braces are kept as they are. */
const PathTemplate = z
  .string()
  .max(1024)
  .regex(/^\/[^\s?#]*$/, "Starts with / and has no spaces, ? or #")
  .transform((value, context) => {
    // Braces are not characters a path has unencoded: what is around the parameters must be canonical.
    const plain = canonicalPath(value.replaceAll(/[{}]/g, "_"));
    const problem = templateProblem(value) ?? (plain === null ? UNMATCHABLE : null);
    if (problem === null) return value;
    context.addIssue({ code: "custom", message: problem, input: value });
    return z.NEVER;
  });

/** A regular expression in RE2's syntax, which is matched in linear time whatever the input; the whole value must match. */
const LinearRegex = z
  .string()
  .min(1, "Write a regular expression")
  .max(512)
  .superRefine((pattern, context) => {
    const problem = linearRegexProblem(pattern);
    if (problem !== null) context.addIssue({ code: "custom", message: problem, input: pattern });
  });

export const PathMatch = z.discriminatedUnion("kind", [
  /** The whole path. */
  z.object({ kind: z.literal("exact"), value: PathValue }),
  /** By whole segments, so `/a` matches `/a` and `/a/b`, not `/ab`. */
  z.object({ kind: z.literal("prefix"), value: PathValue }),
  z.object({ kind: z.literal("template"), value: PathTemplate }),
  z.object({ kind: z.literal("regex"), value: LinearRegex }),
]);
export type PathMatch = z.infer<typeof PathMatch>;

export const ValueMatch = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("exact"), value: z.string().max(1024) }),
  z.object({ kind: z.literal("prefix"), value: z.string().min(1, "Say which prefix").max(1024) }),
  z.object({ kind: z.literal("regex"), value: LinearRegex }),
  z.object({ kind: z.literal("present") }),
  z.object({ kind: z.literal("absent") }),
]);
export type ValueMatch = z.infer<typeof ValueMatch>;

export const HeaderMatch = z.object({ name: FieldName, match: ValueMatch });
export type HeaderMatch = z.infer<typeof HeaderMatch>;

const QueryMatch = z.object({ name: z.string().min(1, "Name a parameter").max(128), match: ValueMatch });

const CookieMatch = z.object({ name: CookieName, match: ValueMatch });

export const HTTP_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

/** All conditions of one match must hold; a route applies when any of its matches does. */
export const RouteMatch = z.object({
  path: PathMatch.default({ kind: "prefix", value: "/" }),
  /** Empty: any method. */
  methods: z.array(z.enum(HTTP_METHODS)).max(7).default([]),
  headers: z.array(HeaderMatch).max(16).default([]),
  query: z.array(QueryMatch).max(16).default([]),
  cookies: z.array(CookieMatch).max(16).default([]),
  /** Services that call through their egress listener; empty: any caller, from outside too. */
  callers: z.array(ServiceName).max(16).default([]),
});
export type RouteMatch = z.infer<typeof RouteMatch>;
