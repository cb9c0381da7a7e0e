"use client";

import type { Sorting } from "../ui/use-sorted.ts";
import { useUrlState } from "../ui/use-url-state.ts";
import type { Facet, FacetChoice } from "./instance-filter.ts";
import { isInstanceColumn, type InstanceColumn, type InstanceOrder } from "./instance-order.ts";

export interface InstanceOrderState {
  readonly order: InstanceOrder;
  readonly sorting: Sorting<InstanceColumn>;
}

/** The order of a list, kept in the address; `first` is left out of it. */
export function useInstanceOrder(first: InstanceColumn): InstanceOrderState {
  const [sort, setSort] = useUrlState("sort");
  const [reversed, setReversed] = useUrlState("reversed");
  const column = sort !== null && isInstanceColumn(sort) ? sort : first;
  const descending = reversed !== null;
  const sortBy = (next: InstanceColumn): void => {
    setSort(next === first ? null : next);
    setReversed(next === column && !descending ? "1" : null);
  };
  return { order: { column, descending }, sorting: { column, descending, sortBy } };
}

/** What a list is narrowed by, kept in the address. */
export function useFacets(): {
  readonly choice: FacetChoice;
  readonly choose: (facet: Facet, value: string | null) => void;
} {
  const [status, setStatus] = useUrlState("status");
  const [protocol, setProtocol] = useUrlState("protocol");
  const [zone, setZone] = useUrlState("zone");
  const [version, setVersion] = useUrlState("version");
  const setters = { status: setStatus, protocol: setProtocol, zone: setZone, version: setVersion };
  return {
    choice: { status, protocol, zone, version },
    choose: (facet, value) => {
      setters[facet](value);
    },
  };
}
