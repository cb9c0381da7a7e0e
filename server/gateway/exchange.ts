import type { ErrorCode } from "#domain/errors.ts";
import type { Candidate, ListenerKind } from "#domain/route-candidate.ts";
import type { CallOutcome } from "#domain/breaker.ts";
import type { Duplex } from "node:stream";
import type { Attempt } from "./attempt.ts";
import type { BodyStream } from "./body-stream.ts";
import type { Forwarding } from "./forwarding.ts";
import type { Mesh, MeshInstance, MeshRoute, Target } from "./mesh.ts";
import type { RequestBody } from "./request-body.ts";
import type { RequestHead } from "./request-head.ts";

/** Which listener took a request, and so who is calling. */
export interface Arrival {
  readonly listener: ListenerKind;
  /** The egress listener's service, or `outside`. */
  readonly caller: string;
  /** The client's, as far as it can be told; behind a trusted peer not that peer's. */
  readonly remoteAddress: string;
  /** As the client used it. */
  readonly scheme: "http" | "https";
  readonly forwarding: Forwarding;
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
  readonly stream: BodyStream | null;
  /** With 101: the connection to the service, which the client's is to be joined with. */
  readonly tunnel?: Tunnel;
}

/** A connection that was switched to another protocol. */
export interface Tunnel {
  readonly socket: Duplex;
  /** What came behind the head. */
  readonly first: Buffer;
  /** Silence of both sides after which it is ended, ms. */
  readonly idleMs: number;
  /** Told once, with the bytes that went to the client, when either side has ended. */
  readonly onClose: (bytesOut: number) => void;
}

/** What answered instead of the service, and why it had to. */
export interface ServedByFallback {
  /** The backup service's name, `last-good` or `fixed`. */
  readonly by: string;
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
  /** Canonical path and host to send: the request's own, unless the route rewrites them. */
  sentPath: string;
  sentAuthority: string;
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
  call: { discard(): void } | null;
  /** Run once, when the last byte was sent or the client has gone. */
  readonly whenDone: ((status: number) => void)[];
}
