"use client";

import { useQuery } from "@tanstack/react-query";
import { GitFork, Plus } from "lucide-react";
import { useMemo } from "react";
import type { Finding } from "#domain/route-finding.ts";
import { lintRoutes } from "#domain/route-lint.ts";
import { useTRPC } from "../api/trpc.ts";
import { useMayEdit } from "../identity/use-session.ts";
import { formatCount } from "../format/number.ts";
import { links } from "../links.ts";
import { ButtonLink } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { Panel } from "../ui/panel.tsx";
import { SearchInput } from "../ui/search-input.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { useTextFilter } from "../ui/use-text-filter.ts";
import { findingsInWords, worstFirst } from "./finding-style.ts";
import { routeWords } from "./route-words.ts";
import { RoutesTable } from "./routes-table.tsx";
import { useKnownServices } from "./use-known-services.ts";

/** All routes: what each takes, where it leads, and how far its latest edit has travelled. */
export function RoutesPage() {
  const routes = useQuery(useTRPC().routes.list.queryOptions());
  const filter = useTextFilter();
  const mayEdit = useMayEdit();
  const known = useKnownServices();
  const findings = useMemo(
    () => Map.groupBy(worstFirst(lintRoutes(routes.data ?? [], known)), ({ routeId }) => routeId),
    [routes.data, known],
  );
  const create = mayEdit && (
    <ButtonLink href={links.newRoute()} variant="primary">
      <Plus aria-hidden />
      New route
    </ButtonLink>
  );
  const shown = (routes.data ?? []).filter(({ id, spec }) => filter.matches(...routeWords(id, spec)));
  return (
    <>
      <PageHeader
        title="Routes"
        note={routes.data === undefined ? undefined : savedInWords(routes.data.length, [...findings.values()].flat())}
        actions={
          <>
            <SearchInput label="Search routes" value={filter.text} onChange={filter.setText} />
            {create}
          </>
        }
      />
      {routes.isError && routes.data === undefined && (
        <ErrorState error={routes.error} onRetry={() => void routes.refetch()} />
      )}
      {(routes.isPending || routes.data !== undefined) && (
        <Panel padded={false}>
          {routes.isPending && <SkeletonRows />}
          {routes.data?.length === 0 && (
            <EmptyState icon={GitFork} title="No routes yet" action={create}>
              Until there is one, gateways answer every request with 404.
            </EmptyState>
          )}
          {routes.data !== undefined && routes.data.length > 0 && shown.length === 0 && (
            <EmptyState icon={GitFork} title={`No route matches “${filter.text}”`} />
          )}
          {shown.length > 0 && <RoutesTable rows={shown} findings={findings} mayEdit={mayEdit} />}
        </Panel>
      )}
    </>
  );
}

function savedInWords(count: number, findings: readonly Finding[]): string {
  const checks = findingsInWords(findings);
  return `${formatCount(count)} saved${checks === "" ? "" : ` · ${checks}`}`;
}
