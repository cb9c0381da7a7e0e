import type { ZooKeeperStatus } from "#domain/zookeeper-status.ts";

/** How the session is doing. */
export interface SessionLink {
  status(): ZooKeeperStatus;
  /** Called on each change; returns its undo. */
  onStatus(listener: (status: ZooKeeperStatus) => void): () => void;
  /** The session's id; null unless live. */
  sessionId(): bigint | null;
}
