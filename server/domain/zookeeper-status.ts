import type { LinkStatus } from "./link-status.ts";

/** `suspended`: the connection is gone, the session may not be. `lost`: the session is over, its ephemerals too. */
export type ZooKeeperState = "connecting" | "live" | "suspended" | "lost";

/** What an operator needs to know of a process's session with ZooKeeper. */
export interface ZooKeeperStatus extends LinkStatus {
  readonly session: ZooKeeperState;
  /** Unix epoch ms of the server's last answer; 0 before the first. */
  readonly lastAnswerAtMs: number;
  /** `host:port` of the server connected to; null unless live. */
  readonly server: string | null;
  /** As ZooKeeper's own logs write it (`0x1000…`); stays while suspended, null before the first session and when lost. */
  readonly sessionId: string | null;
  /** As negotiated with the server, ms; null with `sessionId`. */
  readonly sessionTimeoutMs: number | null;
  /** How many sessions there were so far: each after the first means that an earlier one was lost. */
  readonly epoch: number;
  /** Path of the latest call that was refused for want of permission; null when none was, or it was allowed since. */
  readonly denied: string | null;
}
