import type { LinkStatus } from "#domain/link-status.ts";

/** `suspended`: the connection is gone, the session may not be. `lost`: the session is over, its ephemerals too. */
export type SessionState = "connecting" | "live" | "suspended" | "lost";

export interface SessionStatus extends LinkStatus {
  readonly session: SessionState;
  /** Unix epoch ms of the server's last answer; 0 before the first. */
  readonly lastAnswerAtMs: number;
}

/** How the session is doing. */
export interface SessionLink {
  status(): SessionStatus;
  /** Called on each change; returns its undo. */
  onStatus(listener: (status: SessionStatus) => void): () => void;
  /** The session's id; null unless live. */
  sessionId(): bigint | null;
}
