"use client";

import { useQuery } from "@tanstack/react-query";
import type { DeliveryTimes } from "#domain/publishing.ts";
import { useTRPC } from "../api/trpc.ts";

/** Edits whose times are asked for together, for lists and for the table of latest edits. */
const RECENT_EDITS = 100;

/** When an edit was saved, published and applied; null while unknown. Asked again when the live picture says it moved. */
export function useDeliveryTimes(revision: number): DeliveryTimes | null {
  return useQuery(useTRPC().sync.delivery.queryOptions({ revision })).data ?? null;
}

/** The latest edits with their times: one question for all rows of a list. */
export function useRecentDeliveries() {
  return useQuery(useTRPC().sync.deliveries.queryOptions({ limit: RECENT_EDITS }));
}
