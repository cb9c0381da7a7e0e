import { applyChanges, type LiveMessage } from "#domain/breaker-changes.ts";
import type { LivePicture } from "#domain/live.ts";
import { EMPTY_TRENDS, extendTrends, type Trends } from "./trends.ts";

/** What the browser knows of the stream. Never changed once made. */
export interface LiveState {
  /** The last picture received; null before the first. */
  readonly picture: LivePicture | null;
  /** When it arrived, by this browser's clock (Unix epoch ms); before the first picture, when the page began to wait. */
  readonly receivedAtMs: number;
  /** Traffic of the last minutes, kept by this page alone. */
  readonly trends: Trends;
  /** How far the console's clock is ahead of this browser's, ms. */
  readonly clockAheadMs: number;
}

export interface LiveStore {
  get(): LiveState;
  subscribe(listener: () => void): () => void;
  /** Takes a message; false, with nothing changed, when it says what changed since one that never arrived. */
  receive(message: LiveMessage, nowMs: number): boolean;
}

/** Holds the latest picture for all components that show a part of it. What did not change in it is the same object. */
export function createLiveStore(nowMs: number): LiveStore {
  let state: LiveState = { picture: null, receivedAtMs: nowMs, trends: EMPTY_TRENDS, clockAheadMs: 0 };
  let sequence = 0;
  const listeners = new Set<() => void>();

  function pictureAfter(message: LiveMessage): LivePicture | null {
    if (message.kind === "whole") return message.picture;
    if (state.picture === null || message.sequence !== sequence + 1) return null;
    return { ...message.picture, breakers: applyChanges(state.picture.breakers, message.breakers) };
  }

  return {
    get: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    receive(message, atMs) {
      const picture = pictureAfter(message);
      if (picture === null) return false;
      sequence = message.sequence;
      state = {
        picture,
        receivedAtMs: atMs,
        trends: extendTrends(state.trends, picture),
        clockAheadMs: picture.atMs - atMs,
      };
      for (const listener of listeners) listener();
      return true;
    },
  };
}
