import type { Candidate } from "#domain/route-candidate.ts";
import type { Lookup } from "#domain/value-template.ts";
import type { RateLimiter } from "./rate-limiter.ts";
import type { RequestHead } from "./request-head.ts";

/** What a route's compiled actions may look at: a request, without what it holds of the mesh. */
export interface RequestFacts {
  readonly requestId: string;
  readonly arrival: {
    readonly caller: string;
    readonly remoteAddress: string;
    readonly scheme: "http" | "https";
  };
  readonly head: RequestHead;
  readonly match: Candidate | null;
  readonly route: { readonly id: string } | null;
  readonly target: { readonly service: string } | null;
  readonly instance: { readonly id: string } | null;
}

/** Changes of header fields, made ready. */
export interface HeaderEdits {
  /** Changes a list of name, value, …, with names in lower case, in place. */
  apply(headers: string[], facts: RequestFacts): void;
}

/** Where a request goes instead: the path is null when it must not be sent. */
export interface Rewrite {
  readonly authority: string | null;
  readonly path: Lookup<RequestFacts> | null;
}

/** What the gateway says itself. */
export type DirectAnswer =
  | {
      readonly kind: "redirect";
      readonly status: number;
      /** Null when the request's path cannot be turned into one. */
      readonly location: Lookup<RequestFacts>;
    }
  | FixedAnswer;

/** Always the same. */
export interface FixedAnswer {
  readonly kind: "fixed";
  readonly status: number;
  readonly headers: readonly string[];
  /** Null where the status allows no body. */
  readonly bytes: Buffer | null;
}

/** Who may call from other origins' pages. */
export interface CorsPolicy {
  /** What `access-control-allow-origin` says to an origin; null when it may not call. */
  readonly allowed: (origin: string) => string | null;
  readonly allowsMethod: (method: string) => boolean;
  /** `names`: the preflight's list, as it came. */
  readonly allowsHeaders: (names: string) => boolean;
  /** Name, value, …: besides the origin, of an answer to an allowed preflight. */
  readonly preflightHeaders: readonly string[];
  /** Name, value, …: besides the origin, of an answer to an allowed request. */
  readonly answerHeaders: readonly string[];
  /** Whether answers differ by origin, so that caches must be told. */
  readonly varies: boolean;
}

/** Trouble to make, and for whom. */
export interface FaultPlan {
  readonly delay: { readonly ms: number; readonly percent: number } | null;
  readonly abort: { readonly status: number; readonly percent: number } | null;
  /** Null: every request. */
  readonly appliesTo: ((header: (name: string) => string | undefined) => boolean) | null;
}

/** Where copies go, and how many. */
export interface MirrorPlan {
  /** Key of its instances in the mesh. */
  readonly pool: string;
  readonly service: string;
  readonly percent: number;
}

/** What a route does besides forwarding, made ready for requests; null for what it does not do. */
export interface RouteFilters {
  readonly cors: CorsPolicy | null;
  /** Carried over snapshots. */
  readonly rateLimits: RateLimiter | null;
  readonly answer: DirectAnswer | null;
  readonly rewrite: Rewrite | null;
  readonly faults: FaultPlan | null;
  readonly requestHeaders: HeaderEdits | null;
  readonly responseHeaders: HeaderEdits | null;
  readonly mirror: MirrorPlan | null;
}
