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

/** How far every node's access control list is what it should be, by the last look of this console. */
export interface AccessLists {
  /** Unix epoch ms of the look. */
  readonly atMs: number;
  /** Nodes looked at. */
  readonly nodes: number;
  /** Of these, put right by this look; only the console that leads does so. */
  readonly repaired: number;
  /** Of these, not as they should be still: with a previous credential given, that can not be taken out yet. */
  readonly left: number;
  /** Some of them. */
  readonly leftPaths: readonly string[];
  /** A previous credential is given, and accepted still. */
  readonly isRotating: boolean;
}
