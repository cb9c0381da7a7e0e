"use client";

import { useQuery } from "@tanstack/react-query";
import { needsConfirmation, othersServing, reachOf, type Hold, type OverrideReach } from "#domain/override-reach.ts";
import { useTRPC } from "../api/trpc.ts";
import { useSession } from "../identity/use-session.ts";
import { useLive } from "../live/live-provider.tsx";
import { useServerNow } from "../live/use-now.ts";
import { drainEffect, type DrainEffect } from "../services/drain-effect.ts";
import { useServicePolicy } from "../services/use-service-policy.ts";

/** What setting an override does now, and whether it has to be confirmed. */
export interface ForceCheck {
  /** Null while nothing live is known. */
  readonly reach: OverrideReach | null;
  /** Of an instance: those that go on serving. */
  readonly others: readonly string[];
  /** It takes an instance out, and nobody else serves at every gateway. */
  readonly isLast: boolean;
  readonly stranded: DrainEffect["stranded"];
  /** The console has the last word: it refuses what it wants confirmed. */
  readonly needsConfirmation: boolean;
  /** Requests per second from which on it has to be; null while that is not known. */
  readonly thresholdRps: number | null;
}

/** Checks what an override would do, anew with every live picture. */
export function useForceCheck({ target, mode, scope }: Hold): ForceCheck {
  const { picture } = useLive();
  const nowMs = useServerNow();
  const { row } = useServicePolicy(target.service);
  const routes = useQuery(useTRPC().routes.list.queryOptions()).data ?? [];
  const thresholdRps = useSession().data?.forceConfirmRps ?? null;
  const reach = picture === null ? null : reachOf(picture, { target, scope });
  const service = picture?.services.find(({ name }) => name === target.service);
  const settings = row?.spec.instances ?? {};
  const takesOut = target.kind === "instance" && mode === "forced-open" && service !== undefined;
  const others = takesOut ? othersServing(service, settings, { instance: target.instance, scope }, nowMs) : [];
  const isLast = takesOut && others.length === 0;
  const stranded = takesOut ? drainEffect(service, settings, routes, target.instance).stranded : [];
  const confirm = needsConfirmation(
    reach?.requestsPerSecond ?? 0,
    thresholdRps ?? Number.POSITIVE_INFINITY,
    isLast || stranded.length > 0,
  );
  return { reach, others, isLast, stranded, needsConfirmation: confirm, thresholdRps };
}
