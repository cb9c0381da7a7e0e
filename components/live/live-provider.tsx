"use client";

import { useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useState, useSyncExternalStore, type ReactNode } from "react";
import type { LivePicture } from "#domain/live.ts";
import { useTRPC, useTRPCClient } from "../api/trpc.ts";
import { keepSame } from "./keep-same.ts";
import { keepConnected, type PageSight } from "./live-connection.ts";
import { createLiveStore, type LiveState, type LiveStore } from "./live-store.ts";

const LiveContext = createContext<LiveStore | null>(null);

const PAGE: PageSight = {
  isHidden: () => document.hidden,
  onChange(listener) {
    document.addEventListener("visibilitychange", listener);
    return () => {
      document.removeEventListener("visibilitychange", listener);
    };
  },
};

/** Receives the live picture once a second for all pages below, and reopens the stream for as long as it takes. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useTRPCClient();
  const [store] = useState(() => createLiveStore(Date.now()));

  useEffect(
    () =>
      keepConnected(
        store,
        (lastEventId, { onMessage, onEnd }) => {
          const subscription = client.live.picture.subscribe(
            { lastEventId },
            { onData: onMessage, onError: onEnd, onStopped: onEnd },
          );
          return { close: () => subscription.unsubscribe() };
        },
        PAGE,
      ),
    [client, store],
  );

  return (
    <LiveContext value={store}>
      <RefreshOnNewRevision />
      <RefreshOnProgress />
      <RefreshOnNewHealth />
      {children}
    </LiveContext>
  );
}

/** Asks again for everything edited when anybody's edit has been saved. */
function RefreshOnNewRevision() {
  const revision = useLivePart(({ picture }) => picture?.sync.savedRevision);
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

/** Asks again for the thresholds of health when anybody has saved others. */
function RefreshOnNewHealth() {
  const version = useLivePart(({ picture }) => picture?.healthVersion);
  const queryClient = useQueryClient();
  const trpc = useTRPC();
  useEffect(() => {
    if (version === undefined) return;
    void queryClient.invalidateQueries(trpc.health.pathFilter());
    void queryClient.invalidateQueries(trpc.audit.pathFilter());
  }, [version, queryClient, trpc]);
  return null;
}

/** Asks again how far edits have come, and what was found changed, when the picture says that any of it moved. */
function RefreshOnProgress() {
  const progress = useLivePart(({ picture }) => (picture === null ? null : progressOf(picture)));
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

/**
 * Part of the latest state. The component renders again only when `select` gives something else than before: another
 * object, unless `isEqual` says that it is as good as the one before. What did not change in the picture is the same object.
 */
export function useLivePart<Part>(
  select: (state: LiveState) => Part,
  isEqual: (one: Part, other: Part) => boolean = Object.is,
): Part {
  const store = useLiveStore();
  const [keep] = useState(() => keepSame(isEqual));
  const part = (): Part => keep(select(store.get()));
  return useSyncExternalStore(store.subscribe, part, part);
}
