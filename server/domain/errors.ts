import type { PolicyRow } from "./policy.ts";

/** Who has to act for the failure to go away. */
export type Blame = "caller" | "operator" | "capacity" | "upstream" | "meshkeeper";

export interface ErrorSpec {
  readonly blame: Blame;
  /** HTTP status, at the gateway and at the console alike. */
  readonly http: number;
  /** What happened and what to do, for people. Specific facts go into `MeshError.detail`. */
  readonly message: string;
}

/** Every failure a user of the console or a caller of the gateway can meet. `docs/errors.md` has a line for each. */
export const ERRORS = {
  // The gateway's answers.
  NO_ROUTE: { blame: "caller", http: 404, message: "No route matches this request." },
  BAD_REQUEST: { blame: "caller", http: 400, message: "The request is not valid HTTP that can be forwarded safely." },
  REQUEST_HEADERS_TOO_LARGE: { blame: "caller", http: 431, message: "The request has too many or too large headers." },
  BODY_TOO_LARGE: { blame: "caller", http: 413, message: "The request's body is larger than this route allows." },
  BODY_TOO_LATE: { blame: "caller", http: 408, message: "The request's body did not arrive in time." },
  RATE_LIMITED: { blame: "caller", http: 429, message: "Too many requests. Come again after the time given." },
  UPGRADE_REFUSED: { blame: "caller", http: 400, message: "This route does not open WebSocket connections." },
  OVERLOADED: { blame: "capacity", http: 503, message: "The gateway has as much to do as it can. Come again shortly." },
  FAULT_INJECTED: {
    blame: "operator",
    http: 503,
    message: "An operator makes requests of this route fail, for a trial.",
  },
  ADDRESS_REFUSED: {
    blame: "operator",
    http: 503,
    message: "The instance registered an address that this gateway may not connect to.",
  },
  NO_HEALTHY_INSTANCE: { blame: "capacity", http: 503, message: "No instance of the service is available." },
  BREAKER_OPEN: { blame: "upstream", http: 503, message: "The breaker for this service is open." },
  BREAKER_FORCED_OPEN: {
    blame: "operator",
    http: 503,
    message: "An operator forced the breaker for this service open.",
  },
  TOO_MANY_CONCURRENT: { blame: "capacity", http: 503, message: "Too many calls to this service are in flight." },
  UPSTREAM_CONNECT: { blame: "upstream", http: 502, message: "The service could not be reached." },
  UPSTREAM_RESET: { blame: "upstream", http: 502, message: "The service closed the connection before it answered." },
  UPSTREAM_PROTOCOL: { blame: "upstream", http: 502, message: "The service sent an answer that is not valid HTTP." },
  UPSTREAM_TIMEOUT: { blame: "upstream", http: 504, message: "The service did not answer in time." },
  GATEWAY_NOT_READY: {
    blame: "meshkeeper",
    http: 503,
    message: "This gateway has not received its configuration yet.",
  },
  GATEWAY_INTERNAL: {
    blame: "meshkeeper",
    http: 500,
    message: "The gateway failed on this request. Its log says more.",
  },
  // The console's answers.
  NOT_SIGNED_IN: { blame: "caller", http: 401, message: "Sign in to continue." },
  NOT_PERMITTED: { blame: "caller", http: 403, message: "Your role does not permit this. Ask an administrator." },
  INVALID_INPUT: { blame: "caller", http: 400, message: "Some fields are not valid." },
  NOT_FOUND: { blame: "caller", http: 404, message: "It does not exist, or was removed." },
  NOT_RECORDED: { blame: "caller", http: 404, message: "Nothing is on record of that time." },
  ALREADY_EXISTS: { blame: "caller", http: 409, message: "One with this name exists already." },
  STALE_EDIT: {
    blame: "caller",
    http: 409,
    message: "It was changed by someone else since you opened it. Nothing of yours was saved.",
  },
  CONFIRMATION_NEEDED: {
    blame: "caller",
    http: 409,
    message: "It affects a lot now. Look at what it does, and confirm it.",
  },
  DOCUMENT_TOO_LARGE: { blame: "caller", http: 413, message: "It is too large to publish. Split it into several." },
  EDIT_TOO_LARGE: {
    blame: "caller",
    http: 413,
    message: "It changes more than can be published in one step. Do it in several.",
  },
  FALLBACK_CYCLE: { blame: "caller", http: 400, message: "These backups would call each other in a circle." },
  IDEMPOTENCY_KEY_REUSED: {
    blame: "caller",
    http: 422,
    message: "The idempotency key was used before, for something else. Take a new one for each edit.",
  },
  DRIFT_CHANGED: {
    blame: "caller",
    http: 409,
    message: "It is no longer as it was found. Nothing was decided: look at it again.",
  },
  NOT_ADOPTABLE: { blame: "caller", http: 400, message: "What was found cannot be made an edit." },
  MESH_MOVED: {
    blame: "caller",
    http: 409,
    message: "The mesh or the database changed since they were compared. Compare them again.",
  },
  DATABASE_DOWN: {
    blame: "operator",
    http: 503,
    message: "The database does not answer, so nothing can be saved or read from it now. It is retried.",
  },
  ZOOKEEPER_DOWN: {
    blame: "operator",
    http: 503,
    message: "ZooKeeper does not answer, so nobody can tell what is published now.",
  },
  SIMULATION_REPLACED: {
    blame: "caller",
    http: 409,
    message: "A newer simulation of yours has taken the place of this one.",
  },
  TOO_MANY_ATTEMPTS: { blame: "caller", http: 429, message: "Too many attempts. Wait a minute and try again." },
  CONSOLE_INTERNAL: { blame: "meshkeeper", http: 500, message: "The console failed on this. Its log says more." },
} as const satisfies Record<string, ErrorSpec>;

export type ErrorCode = keyof typeof ERRORS;

export interface MeshErrorOptions {
  /** Facts of this case, for people: which field, which service, which limit. */
  readonly detail?: string;
  /** Dotted path of the form field at fault. */
  readonly field?: string;
  /** With STALE_EDIT: the object as it stands now, null when it was removed. */
  readonly current?: PolicyRow | null;
  /** The connection broke while saving: it may have been saved, or not. */
  readonly outcomeUnknown?: boolean;
  readonly cause?: unknown;
}

/** An expected failure, named by the catalogue. */
export class MeshError extends Error {
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly field: string | undefined;
  readonly current: PolicyRow | null | undefined;
  readonly outcomeUnknown: boolean;
  constructor(code: ErrorCode, options: MeshErrorOptions = {}) {
    super(options.detail === undefined ? ERRORS[code].message : `${ERRORS[code].message} ${options.detail}`, {
      cause: options.cause,
    });
    this.name = "MeshError";
    this.code = code;
    this.detail = options.detail;
    this.field = options.field;
    this.current = options.current;
    this.outcomeUnknown = options.outcomeUnknown ?? false;
  }
  get spec(): ErrorSpec {
    return ERRORS[this.code];
  }
}

/** A failure as the console's API reports it (`error.data.mesh`). */
export interface MeshErrorData {
  readonly code: ErrorCode;
  readonly blame: Blame;
  /** The catalogue's sentence, without `detail`. */
  readonly message: string;
  readonly detail?: string;
  /** Dotted path of the form field at fault. */
  readonly field?: string;
  /** With INVALID_INPUT: every field at fault; `path` is relative to the procedure's input, e.g. `spec.hosts.0`. */
  readonly fieldErrors?: readonly { readonly path: string; readonly message: string }[];
  /** With STALE_EDIT: the object as it stands now, null when it was removed. */
  readonly current?: PolicyRow | null;
  /** It may have been saved all the same: the same request with the same idempotency key tells, and saves it once at most. */
  readonly outcomeUnknown?: true;
}
