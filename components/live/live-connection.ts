import type { LiveStore, ReceivedMessage } from "./live-store.ts";

/** Opens the stream. `knownId`: the picture that is here already. */
export type OpenStream = (
  knownId: string | null,
  handlers: { readonly onMessage: (message: ReceivedMessage) => void; readonly onEnd: () => void },
) => { readonly close: () => void };

/** The page's tab: whether anybody can see it. */
export interface PageSight {
  isHidden(): boolean;
  /** Calls `listener` when that changes; returns its own undo. */
  onChange(listener: () => void): () => void;
}

/** A stream that says nothing for this long is opened again, ms: a half-dead connection does not end by itself. */
export const REOPEN_AFTER_MS = 8000;
/** A tab that is hidden for this long gets no pictures until it is shown, ms: who only glances elsewhere misses nothing. */
export const PAUSE_AFTER_MS = 10_000;
const CHECK_EVERY_MS = 2000;

/**
 * Keeps `store` fed for as long as somebody can see the page: opens the stream, opens it again whatever ends it, closes it
 * while the tab is hidden, and then goes on with what changed.
 * @returns its end.
 */
export function keepConnected(store: LiveStore, open: OpenStream, page: PageSight): () => void {
  let stream: { readonly close: () => void } | null = null;
  let openedAtMs = 0;
  let hiddenSinceMs = page.isHidden() ? Date.now() : null;
  let paused = false;

  function close(): void {
    const ended = stream;
    stream = null;
    ended?.close();
  }

  function connect(): void {
    openedAtMs = Date.now();
    stream = open(store.knownId(), {
      onMessage: (message) => {
        // It goes on from another picture: the stream that is opened in its place begins with a whole one.
        if (!store.receive(message, Date.now())) close();
      },
      onEnd: close,
    });
  }

  function check(): void {
    const nowMs = Date.now();
    paused = hiddenSinceMs !== null && nowMs - hiddenSinceMs >= PAUSE_AFTER_MS;
    const quietSinceMs = Math.max(openedAtMs, store.get().receivedAtMs);
    if (paused || (stream !== null && nowMs - quietSinceMs > REOPEN_AFTER_MS)) close();
    if (!paused && stream === null) connect();
  }

  function look(): void {
    hiddenSinceMs = page.isHidden() ? (hiddenSinceMs ?? Date.now()) : null;
    if (hiddenSinceMs !== null || !paused) return;
    paused = false;
    store.look(Date.now());
    connect();
  }

  connect();
  const timer = setInterval(check, CHECK_EVERY_MS);
  const forget = page.onChange(look);
  return () => {
    clearInterval(timer);
    forget();
    close();
  };
}
