"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTRPC } from "../api/trpc.ts";
import { links } from "../links.ts";
import { ErrorState } from "../ui/error-state.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { Panel } from "../ui/panel.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { RouteEditor } from "./route-editor.tsx";

/** One route, to look at and to edit. */
export function RoutePage({ id }: { id: string }) {
  const route = useQuery(useTRPC().routes.get.queryOptions({ id }));
  if (route.data !== undefined) return <RouteEditor key={id} row={route.data} />;
  return (
    <>
      <PageHeader
        title={id}
        above={
          <Link href={links.routes()} className="hover:underline">
            Routes
          </Link>
        }
      />
      {route.isError ? (
        <ErrorState error={route.error} onRetry={() => void route.refetch()} />
      ) : (
        <Panel padded={false}>
          <SkeletonRows />
        </Panel>
      )}
    </>
  );
}
