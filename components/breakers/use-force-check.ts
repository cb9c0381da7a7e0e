"use client";

import { useQuery } from "@tanstack/react-query";
import { changedSettings, effectOfChange, type ChangeEffect, type InstanceChange } from "#domain/instance-change.ts";
import { needsConfirmation, othersServing, reachOf, type Hold, type OverrideReach } from "#domain/override-reach.ts";
import type { LiveService } from "#domain/live.ts";
import type { PolicyRow } from "#domain/policy.ts";
import type { RouteSpec } from "#domain/route.ts";
import type { ServicePolicySpec } from "#domain/service-policy.ts";
import { useTRPC } from "../api/trpc.ts";
import { useSession } from "../identity/use-session.ts";
import { useLive } from "../live/live-provider.tsx";
import { useServerNow } from "../live/use-now.ts";
import { useServicePolicy } from "../services/use-service-policy.ts";

/** What setting an override does now, and whether it has to be confirmed. */
export interface ForceCheck {
  /** Null while nothing live is known. */
  readonly reach: OverrideReach | null;
  /** Of an instance: those that go on serving. */
  readonly others: readonly string[];
  /** It takes an instance out, and nobody else serves at every gateway. */
  readonly isLast: boolean;
  readonly stranded: ChangeEffect["stranded"];
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
  const stranded = takesOut ? strandedWithout(service, target.instance, settings, routes, nowMs) : [];
  const confirm = needsConfirmation(
    reach?.requestsPerSecond ?? 0,
    thresholdRps ?? Number.POSITIVE_INFINITY,
    isLast || stranded.length > 0,
  );
  return { reach, others, isLast, stranded, needsConfirmation: confirm, thresholdRps };
}

/** Taking it out leaves routes with whom a drain would leave them. */
function strandedWithout(
  service: LiveService,
  instance: string,
  settings: ServicePolicySpec["instances"],
  routes: readonly PolicyRow<RouteSpec>[],
  nowMs: number,
): ChangeEffect["stranded"] {
  const drain: InstanceChange = { service: service.name, instances: [instance], action: { kind: "drain" } };
  const drained = changedSettings(settings, drain, service.instances);
  return effectOfChange(service, settings, drained, routes, nowMs).stranded;
}
