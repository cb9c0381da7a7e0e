/** Names of ZooKeeper's error codes (KeeperException.Code), those the client library does not know included. */
const NAMES: Readonly<Record<number, string>> = {
  [-1]: "SYSTEM_ERROR",
  [-2]: "RUNTIME_INCONSISTENCY",
  [-4]: "CONNECTION_LOSS",
  [-5]: "MARSHALLING_ERROR",
  [-6]: "UNIMPLEMENTED",
  [-7]: "TIMEOUT",
  [-8]: "BAD_ARGUMENTS",
  [-100]: "API_ERROR",
  [-101]: "NO_NODE",
  [-102]: "NO_AUTH",
  [-103]: "BAD_VERSION",
  [-108]: "NO_CHILDREN_FOR_EPHEMERALS",
  [-110]: "NODE_EXISTS",
  [-111]: "NOT_EMPTY",
  [-112]: "SESSION_EXPIRED",
  [-114]: "INVALID_ACL",
  [-115]: "AUTH_FAILED",
  [-118]: "SESSION_MOVED",
  [-119]: "NOT_READ_ONLY",
  [-125]: "QUOTA_EXCEEDED",
  [-127]: "THROTTLED",
};

/** After these nobody knows whether the server did it: read to find out. */
const UNKNOWN_OUTCOME = new Set(["CONNECTION_LOSS", "TIMEOUT", "SESSION_EXPIRED"]);

export interface FailureOptions {
  readonly operation: string;
  readonly path: string;
  /** Which operation of a multi was refused, from 0; `path` is that operation's. */
  readonly opIndex?: number;
  readonly cause?: unknown;
}

/**
 * A call to ZooKeeper that did not succeed. `failed`: the server refused it or it was never sent, so nothing changed.
 * `unknown`: it may or may not have happened; resolve it by reading, never by repeating.
 */
export class ZooKeeperFailure extends Error {
  readonly kind: "failed" | "unknown";
  /** `NO_NODE`, `BAD_VERSION`, …; `NOT_CONNECTED` and `TOO_LARGE` are decided on this side. */
  readonly code: string;
  readonly path: string;
  readonly opIndex: number | null;

  constructor(code: string, options: FailureOptions) {
    const meaning = code === "NO_AUTH" ? `no permission on ${options.path} (NO_AUTH)` : code;
    super(`ZooKeeper ${options.operation} ${options.path}: ${meaning}`, { cause: options.cause });
    this.name = "ZooKeeperFailure";
    this.code = code;
    this.kind = UNKNOWN_OUTCOME.has(code) ? "unknown" : "failed";
    this.path = options.path;
    this.opIndex = options.opIndex ?? null;
  }
}

/** Name of a numeric error code; `CODE_<n>` for one that is in no table. */
export function codeName(code: number): string {
  return NAMES[code] ?? `CODE_${code}`;
}

/** True when `error` is ZooKeeper's definite answer with one of these codes. */
export function isCode(error: unknown, ...codes: readonly string[]): error is ZooKeeperFailure {
  return error instanceof ZooKeeperFailure && codes.includes(error.code);
}
