"use client";

import { useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useState, useSyncExternalStore, type ReactNode } from "react";
import type { LivePicture } from "#domain/live.ts";
import { useTRPC, useTRPCClient } from "../api/trpc.ts";
import { createLiveStore, type LiveState, type LiveStore } from "./live-store.ts";

const LiveContext = createContext<LiveStore | null>(null);

/** A stream that says nothing for this long is opened again, ms: a half-dead connection does not end by itself. */
const REOPEN_AFTER_MS = 8000;
const CHECK_EVERY_MS = 2000;

/** Receives the live picture once a second for all pages below, and reopens the stream for as long as it takes. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useTRPCClient();
  const [store] = useState(() => createLiveStore(Date.now()));

  useEffect(() => {
    let openedAtMs = 0;
    let subscription: { unsubscribe: () => void } | null = null;
    const close = (): void => {
      subscription?.unsubscribe();
      subscription = null;
    };
    const open = (): void => {
      openedAtMs = Date.now();
      subscription = client.live.picture.subscribe(undefined, {
        onData: (message) => {
          // One is missing: the stream that is opened in its place begins with a whole picture.
          if (!store.receive(message, Date.now())) close();
        },
        onError: close,
        onStopped: close,
      });
    };
    const check = (): void => {
      const quietSinceMs = Math.max(openedAtMs, store.get().receivedAtMs);
      if (subscription !== null && Date.now() - quietSinceMs > REOPEN_AFTER_MS) close();
      if (subscription === null) open();
    };
    open();
    const timer = setInterval(check, CHECK_EVERY_MS);
    return () => {
      clearInterval(timer);
      close();
    };
  }, [client, store]);

  return (
    <LiveContext value={store}>
      <RefreshOnNewRevision />
      <RefreshOnProgress />
      {children}
    </LiveContext>
  );
}

/** Asks again for everything edited when anybody's edit has been saved. */
function RefreshOnNewRevision() {
  const revision = useLive().picture?.sync.savedRevision;
  const queryClient = useQueryClient();
  const trpc = useTRPC();
  useEffect(() => {
    if (revision === undefined) return;
    void queryClient.invalidateQueries(trpc.routes.pathFilter());
    void queryClient.invalidateQueries(trpc.breakers.pathFilter());
    void queryClient.invalidateQueries(trpc.services.pathFilter());
    void queryClient.invalidateQueries(trpc.audit.pathFilter());
  }, [revision, queryClient, trpc]);
  return null;
}

/** Asks again how far edits have come, and what was found changed, when the picture says that any of it moved. */
function RefreshOnProgress() {
  const { picture } = useLive();
  const progress = picture === null ? null : progressOf(picture);
  const queryClient = useQueryClient();
  const trpc = useTRPC();
  useEffect(() => {
    if (progress !== null) void queryClient.invalidateQueries(trpc.sync.pathFilter());
  }, [progress, queryClient, trpc]);
  return null;
}

/** Everything in the picture that goes with an edit on its way, a finding or a halt; equal while nothing moved. */
function progressOf({ sync, gateways }: LivePicture): string {
  const applied = gateways.map(({ id, acknowledgement }) => [
    id,
    acknowledgement?.incarnation,
    acknowledgement?.revision,
  ]);
  return JSON.stringify([sync, applied]);
}

export function useLiveStore(): LiveStore {
  const store = useContext(LiveContext);
  if (store === null) throw new Error("useLiveStore needs a LiveProvider above it");
  return store;
}

/** The latest state of the stream; the component renders again with every picture. */
export function useLive(): LiveState {
  const store = useLiveStore();
  return useSyncExternalStore(store.subscribe, store.get, store.get);
}
