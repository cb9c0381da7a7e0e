import { PatchMismatch } from "#domain/apply-patch.ts";
import { applyChanges, type LiveMessage } from "#domain/live-changes.ts";
import type { LivePicture } from "#domain/live.ts";
import { EMPTY_TRENDS, extendTrends, type Trends } from "./trends.ts";

/** What the browser knows of the stream. Never changed once made. */
export interface LiveState {
  /** The last picture received; null before the first. */
  readonly picture: LivePicture | null;
  /** When it arrived, by this browser's clock (Unix epoch ms); before the first picture, when the page began to wait. */
  readonly receivedAtMs: number;
  /** Since when somebody looks: the page was opened, or its tab shown again (Unix epoch ms). */
  readonly lookingSinceMs: number;
  /** Traffic of the last minutes, kept by this page alone. */
  readonly trends: Trends;
  /** How far the console's clock is ahead of this browser's, ms. */
  readonly clockAheadMs: number;
}

/** A picture may be a second old when it is sent; what is later than that is no longer the way, but a clock that was set, ms. */
const CLOCK_MOVED_MS = 3000;

/** A message as it arrives: its id stands for the picture that is known with it. */
export interface ReceivedMessage {
  readonly id: string;
  readonly data: LiveMessage;
}

export interface LiveStore {
  get(): LiveState;
  subscribe(listener: () => void): () => void;
  /** Id to say when the stream is opened again: then only what changed is sent. Null: all of it is needed. */
  knownId(): string | null;
  /**
   * Takes a message. False when it says what changed since a picture that is not the one here, or does not fit it: what is
   * shown stays, and `knownId` is null from then on until a whole picture has come.
   */
  receive(message: ReceivedMessage, nowMs: number): boolean;
  /** Somebody looks again, after the stream had been closed because nobody did. */
  look(nowMs: number): void;
}

/**
 * Holds the latest picture for all components that show a part of it. What did not change in it is the same object, down
 * to each node, edge, service and instance.
 */
export function createLiveStore(nowMs: number): LiveStore {
  let state: LiveState = {
    picture: null,
    receivedAtMs: nowMs,
    lookingSinceMs: nowMs,
    trends: EMPTY_TRENDS,
    clockAheadMs: 0,
  };
  let known: string | null = null;
  let names: readonly string[] = [];
  const listeners = new Set<() => void>();

  function pictureAfter(message: LiveMessage): LivePicture | null {
    if (message.kind === "whole") {
      names = message.names;
      return message.picture;
    }
    if (state.picture === null || message.since !== known) return null;
    try {
      return applyChanges(state.picture, message.patch, names);
    } catch (error) {
      if (error instanceof PatchMismatch) return null;
      throw error;
    }
  }

  /** The message that took the shortest way says best how far the clocks are apart. */
  function clockAhead(saidMs: number): number {
    const isFirst = state.picture === null;
    const { clockAheadMs } = state;
    return isFirst || saidMs > clockAheadMs || saidMs < clockAheadMs - CLOCK_MOVED_MS ? saidMs : clockAheadMs;
  }

  function become(next: LiveState): void {
    state = next;
    for (const listener of listeners) listener();
  }

  return {
    get: () => state,
    knownId: () => known,
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    receive({ id, data }, atMs) {
      const picture = pictureAfter(data);
      known = picture === null ? null : id;
      if (picture === null) return false;
      become({
        picture,
        receivedAtMs: atMs,
        lookingSinceMs: state.lookingSinceMs,
        trends: extendTrends(state.trends, picture),
        clockAheadMs: clockAhead(picture.atMs - atMs),
      });
      return true;
    },
    look(lookingSinceMs) {
      become({ ...state, lookingSinceMs });
    },
  };
}
