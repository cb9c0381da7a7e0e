"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useMemo } from "react";
import { heirsOf } from "#domain/route-heirs.ts";
import { useTRPC } from "../api/trpc.ts";
import { useActiveOverrides } from "../breakers/use-active-overrides.ts";
import { formatRate } from "../format/number.ts";
import { links } from "../links.ts";
import { useRouteRate } from "./use-routable-services.ts";

/** As many as anybody reads before deciding. */
const NAMED_MAX = 5;

/** What deleting a route affects now: its traffic, who takes it then, and the overrides that hold its breakers. */
export function RouteRemoval({ id }: { id: string }) {
  const rate = useRouteRate(id);
  const routes = useQuery(useTRPC().routes.list.queryOptions()).data;
  const heirs = useMemo(() => (routes === undefined ? undefined : heirsOf(routes, id)), [routes, id]);
  const held = useActiveOverrides().filter(
    ({ spec: { target } }) => target.kind === "command" && target.routeId === id,
  ).length;
  return (
    <>
      <p>{rate > 0 ? `It carries ${formatRate(rate)} now.` : "It carries no traffic now."}</p>
      {heirs === null && <p>It takes no requests as it is, so none will be answered otherwise.</p>}
      {heirs?.taken === "none" && (
        <p>
          <strong className="font-medium text-ink">No other route takes its requests:</strong> they are refused with
          404.
        </p>
      )}
      {heirs !== null && heirs !== undefined && heirs.taken !== "none" && (
        <p>
          {heirs.taken === "all" ? "All of its requests go to" : "Of its requests, some may go to"}{" "}
          <Names ids={heirs.routeIds} /> then
          {heirs.taken === "all" ? "." : "; what no other route takes is refused with 404."}
        </p>
      )}
      {held > 0 && (
        <p>
          {held === 1 ? "An override in force holds" : `${held.toString()} overrides in force hold`} its breakers, and{" "}
          {held === 1 ? "has" : "have"} nothing to hold then.
        </p>
      )}
    </>
  );
}

function Names({ ids }: { ids: readonly string[] }) {
  const more = ids.length - NAMED_MAX;
  return (
    <>
      {ids.slice(0, NAMED_MAX).map((id, at) => (
        <span key={id}>
          {at > 0 && ", "}
          <Link href={links.route(id)} target="_blank" className="text-accent hover:underline">
            {id}
          </Link>
        </span>
      ))}
      {more > 0 && ` and ${more.toString()} more`}
    </>
  );
}
