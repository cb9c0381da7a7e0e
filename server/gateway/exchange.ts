import type { ErrorCode } from "#domain/errors.ts";
import type { Candidate, ListenerKind } from "#domain/route-match.ts";
import type { CallOutcome } from "#domain/breaker.ts";
import type { Attempt } from "./attempt.ts";
import type { Mesh, MeshInstance, MeshRoute, Target } from "./mesh.ts";
import type { RequestBody } from "./request-body.ts";
import type { RequestHead } from "./request-head.ts";

/** Which listener took a request, and so who is calling. */
export interface Arrival {
  readonly listener: ListenerKind;
  /** The egress listener's service, or `outside`. */
  readonly caller: string;
  readonly remoteAddress: string;
}

/** Takes the body of a reply, in order; says with `false` that it needs a pause. */
export interface BodySink {
  write(chunk: Uint8Array): boolean;
  end(): void;
  /** The body broke off: whoever is reading must be able to tell. */
  fail(): void;
}

/** Body of a service's answer, held back until somebody takes or discards it. */
export interface ReplyStream {
  start(sink: BodySink): void;
  /** After a pause the sink asked for. */
  resume(): void;
  /** Nobody wants it (another answer is sent instead), or its reader has gone. */
  discard(): void;
}

/** Why the gateway answers itself instead of passing an answer on. */
export interface Failure {
  readonly code: ErrorCode;
  /** How the call ended, where there was one to speak of. */
  readonly outcome: CallOutcome | null;
}

/** An answer: a service's, or our own. */
export interface Reply {
  readonly status: number;
  /** Name, value, name, value; names in lower case. */
  readonly headers: string[];
  readonly failure: Failure | null;
  /** Exactly one of the two, or neither when there is no body. */
  readonly bytes: Buffer | null;
  readonly stream: ReplyStream | null;
}

/** Which backup answered, and what made it necessary. */
export interface ServedByFallback {
  readonly service: string;
  readonly reason: string;
}

/** One request on its way through the pipeline, with all that its filters come to know. */
export interface Exchange {
  readonly arrival: Arrival;
  readonly head: RequestHead;
  readonly body: RequestBody | null;
  /** The snapshot the request started with; it keeps it to the end. */
  readonly mesh: Mesh;
  readonly requestId: string;
  /** Monotonic, ms. */
  readonly startedMs: number;
  /** Monotonic, ms: end of the route's time for the whole request. */
  deadlineMs: number;
  route: MeshRoute | null;
  /** The way into the route that took the request; null until matched. */
  match: Candidate | null;
  target: Target | null;
  attempt: Attempt | null;
  instance: MeshInstance | null;
  /** Longest a try may take until its response head, ms; null: only the call's own limit counts. */
  tryTimeoutMs: number | null;
  /** Calls sent to services. */
  attempts: number;
  /** Time spent waiting for response heads, ms. */
  upstreamMs: number;
  fallback: ServedByFallback | null;
  /** True once the client has gone. */
  abandoned: boolean;
  /** The call in flight, to be discarded when the client goes; null when none is. */
  call: ReplyStream | null;
  /** Run once, when the last byte was sent or the client has gone. */
  readonly whenDone: ((status: number) => void)[];
}
