"use client";

import { useEffect, useState, type RefObject } from "react";
import type { FleetBreaker } from "#domain/live.ts";
import { statesByPlace } from "../breaker-state.ts";

/** So far out of view a tile or a row is kept ready. */
const MARGIN = "400px";
/** One out of view follows its figures only this often, in seconds; each in a second of its own. */
const EVERY = 10;

const watched = new WeakMap<Element, (near: boolean) => void>();
let observer: IntersectionObserver | undefined;

function watch(element: Element, tell: (near: boolean) => void): () => void {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) watched.get(target)?.(isIntersecting);
    },
    { rootMargin: MARGIN },
  );
  watched.set(element, tell);
  observer.observe(element);
  return () => {
    watched.delete(element);
    observer?.unobserve(element);
  };
}

/**
 * The breaker to show in a tile or a row: as it is now where that is in view, or near; elsewhere as it was seconds ago,
 * but for its state, which is never old. Drawing 500 minutes anew every second is more than a browser does in one.
 */
export function useHeldWhileUnseen(ref: RefObject<Element | null>, breaker: FleetBreaker): FleetBreaker {
  const [near, setNear] = useState(true);
  const [held, setHeld] = useState(breaker);
  useEffect(() => (ref.current === null ? undefined : watch(ref.current, setNear)), [ref]);
  if (held === breaker) return held;
  if (!near && !isDue(breaker) && isSameState(held, breaker)) return held;
  setHeld(breaker);
  return breaker;
}

function isDue({ key, history }: FleetBreaker): boolean {
  const latest = history.at(-1);
  return latest === undefined || (latest.atMs / 1000 + key.charCodeAt(key.length - 1) + key.length) % EVERY === 0;
}

function isSameState(one: FleetBreaker, other: FleetBreaker): boolean {
  return (
    one.transitions === other.transitions &&
    statesByPlace(one) === statesByPlace(other) &&
    one.gateways.every(({ reading }, at) => reading.cause === other.gateways[at]?.reading.cause)
  );
}
